#pragma once

#include <linux/videodev2.h>

#include <cstdint>
#include <string>
#include <vector>

#include "coded_error.h"
#include "unique_fd.h"

namespace mykvm {

// A request together with its name, which errors tell.
struct Ioctl {
  unsigned long number;
  const char* name;
};
// Makes one of the kernel's constants: IOCTL(VIDIOC_QUERYCAP).
#define IOCTL(request) (::mykvm::Ioctl{(request), #request})

// An open video device. Calls are retried after EINTR only: every other error has a meaning that the caller must know.
class VideoDevice {
 public:
  // Opens it without blocking. Throws CodedError with the errno of open().
  explicit VideoDevice(const std::string& path);

  int fd() const { return fd_.get(); }
  const std::string& path() const { return path_; }

  // Returns 0 or the errno.
  int attempt(const Ioctl& request, void* argument) const;
  // Throws CodedError when it fails.
  void call(const Ioctl& request, void* argument) const;
  CodedError error(int error_number, const Ioctl& request) const {
    return CodedError::of_call(error_number, request.name, path_);
  }

  v4l2_capability capability() const;
  // The formats of a queue, in the driver's order.
  std::vector<uint32_t> formats(uint32_t type) const;

 private:
  std::string path_;
  UniqueFd fd_;
};

// What this very node can do: the driver's capabilities may be those of several nodes.
uint32_t node_capabilities(const v4l2_capability& capability);
// 'UYVY'; spaces at the end are left out.
std::string fourcc_text(uint32_t fourcc);

}  // namespace mykvm
