#pragma once

#include <napi.h>

#include <string>

#include "coded_error.h"

namespace mykvm {

// Errors as Node makes them: an Error with a `code`, the message naming the thing.
Napi::Error js_error(Napi::Env env, const std::string& code, const std::string& message);
// With errno, syscall and path as in Node's SystemError when a system call failed.
Napi::Error js_error(Napi::Env env, const CodedError& error);
// A TypeError with code ERR_INVALID_ARG_TYPE: `name` must be `expected`.
Napi::Error js_type_error(Napi::Env env, const std::string& name, const std::string& expected);
// A RangeError with code ERR_OUT_OF_RANGE: `name` must be `expected`, and `value` is not.
Napi::Error js_range_error(Napi::Env env, const std::string& name, const std::string& expected, double value);

// Runs `action`; a CodedError becomes the JavaScript error with its code, lack of memory ENOMEM.
template <typename Action>
auto guarded(Napi::Env env, Action action) {
  try {
    return action();
  } catch (const CodedError& error) {
    throw js_error(env, error);
  } catch (const std::bad_alloc&) {
    throw js_error(env, "ENOMEM", "not enough memory");
  }
}

}  // namespace mykvm
