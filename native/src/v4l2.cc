#include "v4l2.h"

#include <fcntl.h>
#include <sys/ioctl.h>

#include <cerrno>

namespace mykvm {

VideoDevice::VideoDevice(const std::string& path)
    : path_(path), fd_(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)) {
  if (fd_.get() < 0) throw CodedError::of_call(errno, "open", path);
}

int VideoDevice::attempt(const Ioctl& request, void* argument) const {
  for (;;) {
    if (::ioctl(fd_.get(), request.number, argument) >= 0) return 0;
    if (errno != EINTR) return errno;
  }
}

void VideoDevice::call(const Ioctl& request, void* argument) const {
  const int error_number = attempt(request, argument);
  if (error_number != 0) throw error(error_number, request);
}

v4l2_capability VideoDevice::capability() const {
  v4l2_capability capability{};
  call(IOCTL(VIDIOC_QUERYCAP), &capability);
  return capability;
}

std::vector<uint32_t> VideoDevice::formats(uint32_t type) const {
  std::vector<uint32_t> found;
  v4l2_fmtdesc description{};
  description.type = type;
  while (attempt(IOCTL(VIDIOC_ENUM_FMT), &description) == 0) {
    found.push_back(description.pixelformat);
    description.index++;
  }
  return found;
}

uint32_t node_capabilities(const v4l2_capability& capability) {
  return (capability.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? capability.device_caps : capability.capabilities;
}

std::string fourcc_text(uint32_t fourcc) {
  std::string text;
  for (int shift = 0; shift < 32; shift += 8) text += static_cast<char>((fourcc >> shift) & 0x7f);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace mykvm
