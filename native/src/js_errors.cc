#include "js_errors.h"

namespace mykvm {

namespace {

template <typename ErrorType>
Napi::Error with_code(Napi::Env env, const char* code, const std::string& message) {
  Napi::Error error = ErrorType::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  return error;
}

// As JavaScript prints it: 1.5, 3, NaN.
std::string printed(Napi::Env env, double value) { return Napi::Number::New(env, value).ToString().Utf8Value(); }

}  // namespace

Napi::Error js_error(Napi::Env env, const std::string& code, const std::string& message) {
  return with_code<Napi::Error>(env, code.c_str(), message);
}

Napi::Error js_error(Napi::Env env, const CodedError& error) {
  Napi::Error result = js_error(env, error.code(), error.what());
  if (error.error_number() == 0) return result;
  // Node's are negative.
  result.Set("errno", Napi::Number::New(env, -error.error_number()));
  result.Set("syscall", Napi::String::New(env, error.syscall()));
  result.Set("path", Napi::String::New(env, error.path()));
  return result;
}

Napi::Error js_type_error(Napi::Env env, const std::string& name, const std::string& expected) {
  return with_code<Napi::TypeError>(env, "ERR_INVALID_ARG_TYPE", name + " must be " + expected);
}

Napi::Error js_range_error(Napi::Env env, const std::string& name, const std::string& expected, double value) {
  return with_code<Napi::RangeError>(env, "ERR_OUT_OF_RANGE",
                                     name + " must be " + expected + ", but is " + printed(env, value));
}

}  // namespace mykvm
