#pragma once

#include <stdexcept>
#include <string>

namespace mykvm {

// An error with a stable code; it reaches JavaScript as an Error whose `code` is this code.
class CodedError : public std::runtime_error {
 public:
  CodedError(std::string code, const std::string& message)
      : std::runtime_error(message), code_(std::move(code)) {}

  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

}  // namespace mykvm
