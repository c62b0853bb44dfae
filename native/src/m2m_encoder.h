#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "buffer_queue.h"
#include "m2m_controls.h"
#include "raw_picture.h"
#include "v4l2.h"

namespace mykvm {

// The queues of a memory-to-memory device, as node_capabilities() tells them.
struct M2mQueues {
  uint32_t raw_type;
  uint32_t coded_type;
};
// Empty for a device that is not memory-to-memory.
std::optional<M2mQueues> m2m_queues(const VideoDevice& device);
// Whether the device makes H.264 out of pictures.
bool encodes_h264(const VideoDevice& device, const M2mQueues& queues);

struct CodedBuffer {
  std::vector<uint8_t> bytes;
  bool keyframe;
  // The driver says that the picture did not come out whole.
  bool damaged;
  // No more pictures come after this one.
  bool last;
  int64_t timestamp_us;
};

// A stateful H.264 encoder (Documentation/userspace-api/media/v4l/dev-encoder.rst): raw pictures into the OUTPUT queue,
// coded ones out of the CAPTURE queue. Methods throw CodedError when the device fails.
class M2mEncoder {
 public:
  explicit M2mEncoder(const std::string& path);
  ~M2mEncoder();

  // V4L2_PIX_FMT_* that it codes from.
  std::vector<uint32_t> fourccs() const;

  // Sets formats, rate and controls; what it does not know is in missing(). A keyframe comes first.
  void configure(const RawFormat& input, const M2mSettings& settings);
  const std::vector<std::string>& missing() const { return missing_; }
  // The layout that pictures must have.
  const RawFormat& layout() const { return layout_; }
  // Whether pictures of `input` can be read where they are.
  bool takes(const RawFormat& input) const;

  // Streams with `slots` raw buffers. `import`: queue_dmabuf() on memory of another device, else queue_copy(). False when it
  // cannot have so many.
  bool start(unsigned slots, bool import);
  void queue_dmabuf(unsigned slot, size_t used, int64_t timestamp_us, int dmabuf, size_t length);
  // Memory of a slot to copy a picture into before queue_copy().
  uint8_t* bytes(unsigned slot) { return raw_->bytes(slot); }
  void queue_copy(unsigned slot, int64_t timestamp_us);

  // A slot whose picture has been read.
  std::optional<unsigned> take_slot();
  std::optional<CodedBuffer> take_coded();
  // The last pictures come out, the last one marked; nothing may be queued after it. False when it cannot drain.
  bool drain();

  bool force_keyframe() { return set_control(device_, V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME, 1); }
  bool set_bitrate(int bitrate_bps) { return set_control(device_, V4L2_CID_MPEG_VIDEO_BITRATE, bitrate_bps); }
  bool set_quantizers(const QuantizerRange& quantizers) { return mykvm::set_quantizers(device_, quantizers); }
  bool set_frame_rate(double frame_rate);

  const std::string& path() const { return device_.path(); }
  int fd() const { return device_.fd(); }

 private:
  void set_crop(const RawFormat& input);

  const VideoDevice device_;
  M2mQueues types_{};
  std::unique_ptr<BufferQueue> raw_;
  std::unique_ptr<BufferQueue> coded_;
  RawFormat layout_;
  std::vector<std::string> missing_;
};

}  // namespace mykvm
