#include "m2m_encoder.h"

#include <algorithm>
#include <cerrno>
#include <cmath>

namespace mykvm {

namespace {

// Two being coded, two on their way to us.
constexpr unsigned CODED_BUFFERS = 4;
// What one coded picture may take: half a byte a pixel; drivers that need more make more of it.
constexpr int LEAST_CODED_SIZE = 512 * 1024;

QueueFormat queue_format(const RawFormat& input) {
  QueueFormat format;
  format.fourcc = input.fourcc;
  format.width = input.width;
  format.height = input.height;
  format.stride = input.stride;
  format.size = input.size;
  switch (input.colour.matrix) {
    case Colour::Matrix::BT601:
      format.colorspace = V4L2_COLORSPACE_SMPTE170M;
      format.ycbcr_encoding = V4L2_YCBCR_ENC_601;
      break;
    case Colour::Matrix::BT709:
      format.colorspace = V4L2_COLORSPACE_REC709;
      format.ycbcr_encoding = V4L2_YCBCR_ENC_709;
      break;
    case Colour::Matrix::BT2020:
      format.colorspace = V4L2_COLORSPACE_BT2020;
      format.ycbcr_encoding = V4L2_YCBCR_ENC_BT2020;
      break;
  }
  format.quantization = input.colour.full_range ? V4L2_QUANTIZATION_FULL_RANGE : V4L2_QUANTIZATION_LIM_RANGE;
  format.transfer = V4L2_XFER_FUNC_709;
  return format;
}

}  // namespace

std::optional<M2mQueues> m2m_queues(const VideoDevice& device) {
  const uint32_t capabilities = node_capabilities(device.capability());
  if ((capabilities & V4L2_CAP_STREAMING) == 0) return std::nullopt;
  if ((capabilities & V4L2_CAP_VIDEO_M2M_MPLANE) != 0) {
    return M2mQueues{V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE, V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE};
  }
  if ((capabilities & V4L2_CAP_VIDEO_M2M) != 0) {
    return M2mQueues{V4L2_BUF_TYPE_VIDEO_OUTPUT, V4L2_BUF_TYPE_VIDEO_CAPTURE};
  }
  return std::nullopt;
}

bool encodes_h264(const VideoDevice& device, const M2mQueues& queues) {
  const std::vector<uint32_t> coded = device.formats(queues.coded_type);
  return std::find(coded.begin(), coded.end(), V4L2_PIX_FMT_H264) != coded.end();
}

M2mEncoder::M2mEncoder(const std::string& path) : device_(path) {
  const std::optional<M2mQueues> queues = m2m_queues(device_);
  if (!queues || !encodes_h264(device_, *queues)) {
    throw CodedError::of_call(EINVAL, "VIDIOC_ENUM_FMT", path, "this video device does not encode H.264");
  }
  types_ = *queues;
}

// The coded queue last: some drivers finish the pictures of the other one into it.
M2mEncoder::~M2mEncoder() {
  raw_.reset();
  coded_.reset();
}

std::vector<uint32_t> M2mEncoder::fourccs() const { return device_.formats(types_.raw_type); }

void M2mEncoder::configure(const RawFormat& input, const M2mSettings& settings) {
  raw_ = std::make_unique<BufferQueue>(device_, types_.raw_type);
  coded_ = std::make_unique<BufferQueue>(device_, types_.coded_type);
  // The coded format first: it decides what raw formats there are.
  QueueFormat coded;
  coded.fourcc = V4L2_PIX_FMT_H264;
  coded.width = input.width;
  coded.height = input.height;
  coded.size = static_cast<size_t>(std::max(LEAST_CODED_SIZE, input.width * input.height / 2));
  coded_->set_format(coded);
  const QueueFormat raw = raw_->set_format(queue_format(input));
  if (raw.fourcc != input.fourcc || raw.width < input.width || raw.height < input.height) {
    throw CodedError::of_call(EOPNOTSUPP, "VIDIOC_S_FMT", device_.path(),
                              "the encoder does not take " + fourcc_text(input.fourcc) + " of " +
                                  std::to_string(input.width) + "x" + std::to_string(input.height));
  }
  layout_ = input;
  layout_.width = raw.width;
  layout_.height = raw.height;
  layout_.stride = raw.stride;
  layout_.size = raw.size;
  if (raw.width != input.width || raw.height != input.height) set_crop(input);
  missing_ = set_controls(device_, settings);
  if (!set_frame_rate(settings.rate.frame_rate)) missing_.emplace_back("frame rate");
}

// The part of an aligned picture that is to be seen.
void M2mEncoder::set_crop(const RawFormat& input) {
  v4l2_selection selection{};
  // The interface of selections knows single-planar types only; the kernel takes them for both.
  selection.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
  selection.target = V4L2_SEL_TGT_CROP;
  selection.r = {0, 0, static_cast<uint32_t>(input.width), static_cast<uint32_t>(input.height)};
  device_.call(IOCTL(VIDIOC_S_SELECTION), &selection);
}

bool M2mEncoder::set_frame_rate(double frame_rate) {
  v4l2_streamparm parameters{};
  parameters.type = types_.raw_type;
  // In thousandths: NTSC's rates are no whole numbers.
  parameters.parm.output.timeperframe = {1000, static_cast<uint32_t>(std::lround(frame_rate * 1000))};
  return device_.attempt(IOCTL(VIDIOC_S_PARM), &parameters) == 0;
}

bool M2mEncoder::takes(const RawFormat& input) const {
  return layout_.stride == input.stride && layout_.height == input.height && layout_.size <= input.size;
}

bool M2mEncoder::start(unsigned slots, bool import) {
  raw_->allocate(slots, import ? V4L2_MEMORY_DMABUF : V4L2_MEMORY_MMAP);
  if (raw_->count() < slots) return false;
  coded_->allocate(CODED_BUFFERS, V4L2_MEMORY_MMAP);
  for (unsigned index = 0; index < coded_->count(); index++) {
    coded_->bytes(index);
    coded_->queue(index);
  }
  raw_->start();
  coded_->start();
  return true;
}

void M2mEncoder::queue_dmabuf(unsigned slot, size_t used, int64_t timestamp_us, int dmabuf, size_t length) {
  raw_->queue_picture(slot, used, timestamp_us, dmabuf, length);
}

void M2mEncoder::queue_copy(unsigned slot, int64_t timestamp_us) {
  raw_->queue_picture(slot, layout_.size, timestamp_us, -1, 0);
}

std::optional<unsigned> M2mEncoder::take_slot() {
  const std::optional<FilledBuffer> buffer = raw_->dequeue();
  return buffer ? std::optional<unsigned>(buffer->index) : std::nullopt;
}

std::optional<CodedBuffer> M2mEncoder::take_coded() {
  const std::optional<FilledBuffer> buffer = coded_->dequeue();
  if (!buffer) return std::nullopt;
  const uint8_t* const begin = coded_->bytes(buffer->index) + buffer->offset;
  CodedBuffer coded{{begin, begin + buffer->used},
                    (buffer->flags & V4L2_BUF_FLAG_KEYFRAME) != 0,
                    (buffer->flags & V4L2_BUF_FLAG_ERROR) != 0,
                    (buffer->flags & V4L2_BUF_FLAG_LAST) != 0,
                    buffer->timestamp_us};
  coded_->queue(buffer->index);
  return coded;
}

bool M2mEncoder::drain() {
  v4l2_encoder_cmd command{};
  command.cmd = V4L2_ENC_CMD_STOP;
  return device_.attempt(IOCTL(VIDIOC_ENCODER_CMD), &command) == 0;
}

}  // namespace mykvm
