#pragma once

#include <string>

#include "coded_error.h"

namespace mykvm {

// The programs other than this process that have the device at `path` open, as "ffmpeg (process 812)", several with commas.
// Empty when there is none, or none that this user may know of: other users' programs are seen by root only.
std::string device_users(const std::string& path);

// `error` of a call on the device at `path` that failed with EBUSY, with a sentence that tells who uses it.
CodedError busy_error(const CodedError& error, const std::string& path);

}  // namespace mykvm
