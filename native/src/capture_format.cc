#include "capture_format.h"

#include <algorithm>
#include <cerrno>

namespace mykvm {

namespace {

// What is asked of a webcam or dongle, which converts to any size: the size that the encoder of a Pi codes at 60 pictures
// per second.
constexpr int WANTED_WIDTH = 1280;
constexpr int WANTED_HEIGHT = 720;
// Motion looks smooth; more is not worth decoding JPEGs for.
constexpr double ENOUGH_RATE = 24;

std::string list_of(const std::vector<uint32_t>& fourccs) {
  std::string text;
  for (const uint32_t fourcc : fourccs) text += (text.empty() ? "" : ", ") + fourcc_text(fourcc);
  return text.empty() ? "nothing" : text;
}

// Those of `fourccs` that the device delivers. Throws when there are none.
std::vector<uint32_t> in_common(const VideoDevice& device, uint32_t queue_type, const std::vector<uint32_t>& fourccs) {
  const std::vector<uint32_t> delivered = device.formats(queue_type);
  std::vector<uint32_t> common;
  for (const uint32_t fourcc : fourccs) {
    if (std::find(delivered.begin(), delivered.end(), fourcc) != delivered.end()) common.push_back(fourcc);
  }
  if (!common.empty()) return common;
  throw CodedError::of_call(EOPNOTSUPP, "VIDIOC_ENUM_FMT", device.path(),
                            "no picture format in common: the device delivers " + list_of(delivered) +
                                ", the encoder takes " + list_of(fourccs));
}

double per_second(const v4l2_fract& period) {
  return period.numerator == 0 ? 0 : static_cast<double>(period.denominator) / period.numerator;
}

// Pictures per second that the device says it reaches in the wanted size; 0 when it does not say.
double most_rate(const VideoDevice& device, uint32_t fourcc) {
  v4l2_frmivalenum interval{};
  interval.pixel_format = fourcc;
  interval.width = WANTED_WIDTH;
  interval.height = WANTED_HEIGHT;
  double most = 0;
  while (device.attempt(IOCTL(VIDIOC_ENUM_FRAMEINTERVALS), &interval) == 0) {
    if (interval.type != V4L2_FRMIVAL_TYPE_DISCRETE) return per_second(interval.stepwise.min);
    most = std::max(most, per_second(interval.discrete));
    interval.index++;
  }
  return most;
}

// The first that is fast enough, else the fastest: USB 2 carries 10 raw pictures of 1280x720 per second, or 60 JPEGs.
uint32_t fast_enough(const VideoDevice& device, const std::vector<uint32_t>& fourccs) {
  uint32_t best = fourccs.front();
  double best_rate = 0;
  for (const uint32_t fourcc : fourccs) {
    const double rate = most_rate(device, fourcc);
    if (rate == 0 || rate >= ENOUGH_RATE) return fourcc;
    if (rate > best_rate) best = fourcc;
    best_rate = std::max(rate, best_rate);
  }
  return best;
}

// The fastest that the size allows: the driver takes the nearest to what is asked.
double fastest_rate(const VideoDevice& device, uint32_t queue_type) {
  v4l2_streamparm parameters{};
  parameters.type = queue_type;
  if (device.attempt(IOCTL(VIDIOC_G_PARM), &parameters) != 0) return 0;
  if ((parameters.parm.capture.capability & V4L2_CAP_TIMEPERFRAME) != 0) {
    parameters.parm.capture.timeperframe = {1, 60};
    device.attempt(IOCTL(VIDIOC_S_PARM), &parameters);
  }
  return per_second(parameters.parm.capture.timeperframe);
}

}  // namespace

RawFormat choose_capture_format(const VideoDevice& device, const BufferQueue& queue, uint32_t queue_type,
                                const InputReading& input, const std::vector<uint32_t>& fourccs) {
  QueueFormat wanted;
  const std::vector<uint32_t> common = in_common(device, queue_type, fourccs);
  wanted.fourcc = input.timings ? common.front() : fast_enough(device, common);
  wanted.width = input.timings ? static_cast<int>(input.timings->width) : WANTED_WIDTH;
  wanted.height = input.timings ? static_cast<int>(input.timings->height) : WANTED_HEIGHT;
  // A driver may leave the format as it is when another program has set one that it likes better.
  const QueueFormat got = queue.set_format(wanted);
  if (got.fourcc != wanted.fourcc) {
    throw CodedError::of_call(EOPNOTSUPP, "VIDIOC_S_FMT", device.path(),
                              "the device lists " + fourcc_text(wanted.fourcc) + " but sets " + fourcc_text(got.fourcc));
  }
  RawFormat format;
  format.fourcc = got.fourcc;
  // Chroma is shared by two pixels each way: an odd last row or column is left out.
  format.width = got.width & ~1;
  format.height = got.height & ~1;
  format.stride = got.fourcc == V4L2_PIX_FMT_MJPEG ? 0 : got.stride;
  format.size = got.size;
  format.colour = colour_of(got);
  format.frame_rate = input.timings ? frame_rate_of(*input.timings) : fastest_rate(device, queue_type);
  return format;
}

Colour colour_of(const QueueFormat& format) {
  // Converted by us.
  if (format.fourcc == V4L2_PIX_FMT_RGB24 || format.fourcc == V4L2_PIX_FMT_MJPEG) return {};
  const uint32_t encoding = format.ycbcr_encoding == V4L2_YCBCR_ENC_DEFAULT
                                ? static_cast<uint32_t>(V4L2_MAP_YCBCR_ENC_DEFAULT(format.colorspace))
                                : format.ycbcr_encoding;
  const uint32_t quantization =
      format.quantization == V4L2_QUANTIZATION_DEFAULT
          ? static_cast<uint32_t>(V4L2_MAP_QUANTIZATION_DEFAULT(false, format.colorspace, encoding))
          : format.quantization;
  Colour colour;
  if (encoding == V4L2_YCBCR_ENC_709 || encoding == V4L2_YCBCR_ENC_XV709) colour.matrix = Colour::Matrix::BT709;
  if (encoding == V4L2_YCBCR_ENC_BT2020) colour.matrix = Colour::Matrix::BT2020;
  colour.full_range = quantization == V4L2_QUANTIZATION_FULL_RANGE;
  return colour;
}

}  // namespace mykvm
