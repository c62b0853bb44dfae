#include "frame_buffer_source.h"

#include "coded_error.h"
#include "monotonic_clock.h"

namespace mykvm {

FrameBufferSource::FrameBufferSource(std::shared_ptr<FrameBuffer> buffer, std::shared_ptr<WakeEvent> wake)
    : buffer_(std::move(buffer)) {
  if (!buffer_->attach(std::move(wake))) {
    throw CodedError("EBUSY", "the frame buffer has another pipeline that reads it");
  }
}

FrameBufferSource::~FrameBufferSource() { buffer_->detach(); }

bool FrameBufferSource::attend(short) {
  if (buffer_->closed()) {
    throw CodedError("ERR_FRAME_BUFFER_CLOSED", "the frame buffer was closed while the pipeline read it");
  }
  return false;
}

std::optional<RawPicture> FrameBufferSource::take() {
  lease_ = buffer_->take();
  if (!lease_) return std::nullopt;
  const Pixels& pixels = *lease_->pixels;
  format_.fourcc = V4L2_PIX_FMT_XBGR32;
  format_.width = pixels.width;
  format_.height = pixels.height;
  format_.stride = static_cast<uint32_t>(pixels.width) * 4;
  format_.size = pixels.words.size() * sizeof(uint32_t);
  counts_.captured++;
  return RawPicture{0, lease_->timestamp_us, monotonic_us(), format_.size, lease_->ignore};
}

void FrameBufferSource::give_back(const RawPicture&) {
  buffer_->give_back(*lease_);
  lease_.reset();
}

const uint8_t* FrameBufferSource::bytes(unsigned) {
  return reinterpret_cast<const uint8_t*>(lease_->pixels->words.data());
}

}  // namespace mykvm
