#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "unique_fd.h"
#include "v4l2.h"

namespace mykvm {

// The format of a queue, single- or multi-planar alike. Only formats of one plane of memory are dealt with.
struct QueueFormat {
  uint32_t fourcc = 0;
  int width = 0;
  int height = 0;
  uint32_t stride = 0;
  size_t size = 0;
  uint32_t field = V4L2_FIELD_NONE;
  uint32_t colorspace = V4L2_COLORSPACE_DEFAULT;
  uint32_t ycbcr_encoding = V4L2_YCBCR_ENC_DEFAULT;
  uint32_t quantization = V4L2_QUANTIZATION_DEFAULT;
  uint32_t transfer = V4L2_XFER_FUNC_DEFAULT;
};

struct FilledBuffer {
  unsigned index;
  // V4L2_BUF_FLAG_*.
  uint32_t flags;
  uint32_t sequence;
  // The buffer's own clock.
  int64_t timestamp_us;
  size_t offset;
  size_t used;
};

// One queue of a video device and its buffers. Closing it stops the stream and frees them. Methods throw CodedError.
class BufferQueue {
 public:
  // `type` is V4L2_BUF_TYPE_VIDEO_*. The device must outlive the queue.
  BufferQueue(const VideoDevice& device, uint32_t type) : device_(device), type_(type) {}
  ~BufferQueue();
  BufferQueue(const BufferQueue&) = delete;
  BufferQueue& operator=(const BufferQueue&) = delete;

  QueueFormat format() const;
  // Sets it as far as the driver can; returns what it made of it.
  QueueFormat set_format(const QueueFormat& wanted) const;

  // `memory` is V4L2_MEMORY_MMAP or V4L2_MEMORY_DMABUF; the driver may give more buffers or fewer, see count().
  void allocate(unsigned count, uint32_t memory);
  // Memory of `length` bytes each from elsewhere in the place of the driver's own; one buffer for each.
  void allocate_in(std::vector<UniqueFd> memory, size_t length);
  unsigned count() const { return static_cast<unsigned>(buffers_.size()); }
  void start();

  // Mapped at the first call. Shared with the device; memory from elsewhere is made ready for reading, until the buffer is
  // queued again.
  uint8_t* bytes(unsigned index);
  size_t length(unsigned index) const { return buffers_[index].length; }
  // A descriptor of the driver's memory for another device; empty when the driver cannot.
  std::optional<UniqueFd> exported(unsigned index) const;
  // Of memory from elsewhere; -1 when it is the driver's.
  int foreign(unsigned index) const { return buffers_[index].foreign.get(); }

  void queue(unsigned index);
  // For what is to be coded. `dmabuf` is -1 with MMAP memory; then `length` is not looked at.
  void queue_picture(unsigned index, size_t used, int64_t timestamp_us, int dmabuf, size_t length);
  // Empty when no buffer is ready.
  std::optional<FilledBuffer> dequeue();

 private:
  struct Buffer {
    size_t length = 0;
    uint32_t offset = 0;
    uint8_t* mapped = nullptr;
    UniqueFd foreign;
    bool being_read = false;
  };

  bool multiplanar() const { return V4L2_TYPE_IS_MULTIPLANAR(type_); }
  v4l2_buffer buffer(unsigned index, v4l2_plane& plane) const;
  static void set_memory(v4l2_buffer& queued, v4l2_plane& plane, int dmabuf, size_t length);

  const VideoDevice& device_;
  const uint32_t type_;
  uint32_t memory_ = V4L2_MEMORY_MMAP;
  bool allocated_ = false;
  bool streaming_ = false;
  std::vector<Buffer> buffers_;
};

}  // namespace mykvm
