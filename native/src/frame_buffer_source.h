#pragma once

#include <memory>
#include <optional>

#include "frame_buffer.h"
#include "video_source.h"
#include "wake_event.h"

namespace mykvm {

// Reads the pictures of a frame buffer, whose reader it is from construction to destruction.
class FrameBufferSource : public VideoSource {
 public:
  // Throws CodedError EBUSY when the frame buffer has a reader already.
  FrameBufferSource(std::shared_ptr<FrameBuffer> buffer, std::shared_ptr<WakeEvent> wake);
  ~FrameBufferSource() override;

  void open(const std::vector<uint32_t>&, bool) override {}
  // Throws CodedError ERR_FRAME_BUFFER_CLOSED when the frame buffer was closed.
  bool attend(short revents) override;
  void rebuild() override {}
  std::optional<RawPicture> take() override;
  void give_back(const RawPicture& picture) override;

  const RawFormat& format() const override { return format_; }
  const uint8_t* bytes(unsigned slot) override;
  unsigned slots() const override { return 1; }
  size_t length(unsigned) const override { return format_.size; }
  int dmabuf(unsigned) override { return -1; }

  Watched watched() const override { return {}; }
  int64_t due_us() const override { return NEVER; }
  std::optional<std::string> take_notice() override { return std::nullopt; }
  std::optional<Signal> signal() const override { return std::nullopt; }
  SourceCounts counts() const override { return counts_; }

 private:
  const std::shared_ptr<FrameBuffer> buffer_;
  std::optional<FrameLease> lease_;
  RawFormat format_;
  SourceCounts counts_;
};

}  // namespace mykvm
