#pragma once

#include <stdexcept>
#include <string>

namespace mykvm {

// An error with a stable code; it reaches JavaScript as an Error whose `code` is this code.
class CodedError : public std::runtime_error {
 public:
  CodedError(std::string code, const std::string& message)
      : std::runtime_error(message), code_(std::move(code)) {}

  // What a system call on `path` failed with; it reaches JavaScript shaped like Node's SystemError.
  static CodedError of_call(int error_number, const std::string& syscall, const std::string& path);
  // The same with a sentence of our own instead of the system's.
  static CodedError of_call(int error_number, const std::string& syscall, const std::string& path,
                            const std::string& sentence);

  const std::string& code() const { return code_; }
  // As in errno.h; 0 when no system call failed. Then the two below are empty.
  int error_number() const { return error_number_; }
  const std::string& syscall() const { return syscall_; }
  const std::string& path() const { return path_; }

 private:
  std::string code_;
  int error_number_ = 0;
  std::string syscall_;
  std::string path_;
};

}  // namespace mykvm
