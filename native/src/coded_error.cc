#include "coded_error.h"

#include <cstring>

namespace mykvm {

namespace {

std::string code_of(int error_number) {
  const char* const name = strerrorname_np(error_number);
  return name == nullptr ? "E" + std::to_string(error_number) : name;
}

}  // namespace

CodedError CodedError::of_call(int error_number, const std::string& syscall, const std::string& path,
                               const std::string& sentence) {
  const std::string code = code_of(error_number);
  CodedError error(code, code + ": " + sentence + ", " + syscall + " '" + path + "'");
  error.error_number_ = error_number;
  error.syscall_ = syscall;
  error.path_ = path;
  return error;
}

CodedError CodedError::of_call(int error_number, const std::string& syscall, const std::string& path) {
  const char* const text = strerrordesc_np(error_number);
  return of_call(error_number, syscall, path, text == nullptr ? "unknown error" : text);
}

}  // namespace mykvm
