#include "video_device_list.h"

#include <dirent.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include "m2m_encoder.h"
#include "v4l2.h"

namespace mykvm {

namespace {

constexpr char DIRECTORY[] = "/dev";
constexpr char PREFIX[] = "video";

// The numbers of /dev/video*, in order.
std::vector<int> node_numbers() {
  std::vector<int> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(DIRECTORY), &closedir);
  if (!directory) return numbers;
  constexpr size_t LENGTH = sizeof PREFIX - 1;
  while (const dirent* const entry = readdir(directory.get())) {
    const char* const digits = entry->d_name + LENGTH;
    const bool node = std::strncmp(entry->d_name, PREFIX, LENGTH) == 0 && std::isdigit(*digits) != 0;
    if (node) numbers.push_back(std::atoi(digits));
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::vector<std::string> texts(const std::vector<uint32_t>& fourccs) {
  std::vector<std::string> result;
  for (const uint32_t fourcc : fourccs) result.push_back(fourcc_text(fourcc));
  return result;
}

std::optional<EncoderDescription> describe(const std::string& path) {
  const VideoDevice device(path);
  const std::optional<M2mQueues> queues = m2m_queues(device);
  if (!queues || !encodes_h264(device, *queues)) return std::nullopt;
  const v4l2_capability capability = device.capability();
  return EncoderDescription{path, reinterpret_cast<const char*>(capability.card),
                            texts(device.formats(queues->raw_type))};
}

}  // namespace

std::vector<EncoderDescription> list_encoders() {
  std::vector<EncoderDescription> found;
  for (const int number : node_numbers()) {
    try {
      std::optional<EncoderDescription> encoder =
          describe(std::string(DIRECTORY) + "/" + PREFIX + std::to_string(number));
      if (encoder) found.push_back(std::move(*encoder));
    } catch (const CodedError&) {
      // Another user's, or gone meanwhile: nothing to choose.
    }
  }
  return found;
}

std::vector<std::string> capture_formats(const std::string& path) {
  const VideoDevice device(path);
  const uint32_t capabilities = node_capabilities(device.capability());
  if ((capabilities & V4L2_CAP_VIDEO_CAPTURE) != 0) return texts(device.formats(V4L2_BUF_TYPE_VIDEO_CAPTURE));
  if ((capabilities & V4L2_CAP_VIDEO_CAPTURE_MPLANE) != 0) {
    return texts(device.formats(V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE));
  }
  return {};
}

}  // namespace mykvm
