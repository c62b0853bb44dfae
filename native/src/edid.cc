#include "edid.h"

#include <cerrno>

#include "v4l2.h"

namespace mykvm {

namespace {

constexpr size_t BLOCK = 128;
// As many as the kernel's interface carries.
constexpr size_t MOST_BLOCKS = 256;

}  // namespace

std::optional<std::vector<uint8_t>> read_edid(const std::string& path) {
  const VideoDevice device(path);
  // Throws ENOTTY for what is no video device.
  device.capability();
  v4l2_edid request{};
  std::vector<uint8_t> bytes(MOST_BLOCKS * BLOCK);
  request.blocks = MOST_BLOCKS;
  request.edid = bytes.data();
  const int error_number = device.attempt(IOCTL(VIDIOC_G_EDID), &request);
  // ENODATA: none is set. The others: the input is of a kind that has none.
  if (error_number == ENODATA || error_number == ENOTTY || error_number == EINVAL) return std::nullopt;
  if (error_number != 0) throw device.error(error_number, IOCTL(VIDIOC_G_EDID));
  if (request.blocks == 0) return std::nullopt;
  bytes.resize(request.blocks * BLOCK);
  return bytes;
}

void write_edid(const std::string& path, std::vector<uint8_t> bytes) {
  const VideoDevice device(path);
  v4l2_edid request{};
  request.blocks = static_cast<uint32_t>(bytes.size() / BLOCK);
  request.edid = bytes.data();
  device.call(IOCTL(VIDIOC_S_EDID), &request);
}

}  // namespace mykvm
