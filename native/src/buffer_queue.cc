#include "buffer_queue.h"

#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <cerrno>

namespace mykvm {

namespace {

QueueFormat from_driver(const v4l2_format& format) {
  QueueFormat result;
  if (V4L2_TYPE_IS_MULTIPLANAR(format.type)) {
    const v4l2_pix_format_mplane& pix = format.fmt.pix_mp;
    result = {pix.pixelformat, static_cast<int>(pix.width), static_cast<int>(pix.height),
              pix.plane_fmt[0].bytesperline, pix.plane_fmt[0].sizeimage, pix.field, pix.colorspace,
              pix.ycbcr_enc, pix.quantization, pix.xfer_func};
  } else {
    const v4l2_pix_format& pix = format.fmt.pix;
    result = {pix.pixelformat, static_cast<int>(pix.width), static_cast<int>(pix.height), pix.bytesperline,
              pix.sizeimage, pix.field, pix.colorspace, pix.ycbcr_enc, pix.quantization, pix.xfer_func};
  }
  return result;
}

v4l2_format for_driver(uint32_t type, const QueueFormat& wanted) {
  v4l2_format format{};
  format.type = type;
  if (V4L2_TYPE_IS_MULTIPLANAR(type)) {
    v4l2_pix_format_mplane& pix = format.fmt.pix_mp;
    pix.pixelformat = wanted.fourcc;
    pix.width = static_cast<uint32_t>(wanted.width);
    pix.height = static_cast<uint32_t>(wanted.height);
    pix.num_planes = 1;
    pix.plane_fmt[0].bytesperline = wanted.stride;
    pix.plane_fmt[0].sizeimage = static_cast<uint32_t>(wanted.size);
    pix.field = wanted.field;
    pix.colorspace = wanted.colorspace;
    pix.ycbcr_enc = static_cast<uint8_t>(wanted.ycbcr_encoding);
    pix.quantization = static_cast<uint8_t>(wanted.quantization);
    pix.xfer_func = static_cast<uint8_t>(wanted.transfer);
  } else {
    v4l2_pix_format& pix = format.fmt.pix;
    pix.pixelformat = wanted.fourcc;
    pix.width = static_cast<uint32_t>(wanted.width);
    pix.height = static_cast<uint32_t>(wanted.height);
    pix.bytesperline = wanted.stride;
    pix.sizeimage = static_cast<uint32_t>(wanted.size);
    pix.field = wanted.field;
    pix.colorspace = wanted.colorspace;
    pix.ycbcr_enc = wanted.ycbcr_encoding;
    pix.quantization = wanted.quantization;
    pix.xfer_func = wanted.transfer;
    pix.priv = V4L2_PIX_FMT_PRIV_MAGIC;
  }
  return format;
}

// A processor's cache may hold older content of memory that a device writes. Drivers see to their own memory by
// themselves. Nothing can go wrong but the memory itself.
void sync(int dmabuf, uint64_t flags) {
  dma_buf_sync request{};
  request.flags = flags | DMA_BUF_SYNC_READ;
  while (::ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &request) != 0 && (errno == EINTR || errno == EAGAIN)) continue;
}

}  // namespace

BufferQueue::~BufferQueue() {
  // Errors here mean that the device is gone, and its buffers with it.
  if (streaming_) {
    int type = static_cast<int>(type_);
    device_.attempt(IOCTL(VIDIOC_STREAMOFF), &type);
  }
  for (const Buffer& buffer : buffers_) {
    if (buffer.mapped != nullptr) munmap(buffer.mapped, buffer.length);
  }
  if (!allocated_) return;
  v4l2_requestbuffers request{};
  request.type = type_;
  request.memory = memory_;
  device_.attempt(IOCTL(VIDIOC_REQBUFS), &request);
}

QueueFormat BufferQueue::format() const {
  v4l2_format format{};
  format.type = type_;
  device_.call(IOCTL(VIDIOC_G_FMT), &format);
  return from_driver(format);
}

QueueFormat BufferQueue::set_format(const QueueFormat& wanted) const {
  v4l2_format format = for_driver(type_, wanted);
  device_.call(IOCTL(VIDIOC_S_FMT), &format);
  if (multiplanar() && format.fmt.pix_mp.num_planes != 1) {
    throw CodedError::of_call(EOPNOTSUPP, "VIDIOC_S_FMT", device_.path(),
                              "format " + fourcc_text(wanted.fourcc) + " has several planes of memory");
  }
  return from_driver(format);
}

void BufferQueue::allocate(unsigned count, uint32_t memory) {
  v4l2_requestbuffers request{};
  request.count = count;
  request.type = type_;
  request.memory = memory;
  device_.call(IOCTL(VIDIOC_REQBUFS), &request);
  memory_ = memory;
  allocated_ = true;
  buffers_.resize(request.count);
  if (memory != V4L2_MEMORY_MMAP) return;
  for (unsigned index = 0; index < request.count; index++) {
    v4l2_plane plane{};
    v4l2_buffer query = buffer(index, plane);
    device_.call(IOCTL(VIDIOC_QUERYBUF), &query);
    buffers_[index].length = multiplanar() ? plane.length : query.length;
    buffers_[index].offset = multiplanar() ? plane.m.mem_offset : query.m.offset;
  }
}

void BufferQueue::allocate_in(std::vector<UniqueFd> memory, size_t length) {
  allocate(static_cast<unsigned>(memory.size()), V4L2_MEMORY_DMABUF);
  if (count() != memory.size()) {
    throw CodedError::of_call(ENOMEM, "VIDIOC_REQBUFS", device_.path(), "the driver wants another number of buffers");
  }
  for (unsigned index = 0; index < count(); index++) {
    buffers_[index].length = length;
    buffers_[index].foreign = std::move(memory[index]);
  }
}

void BufferQueue::start() {
  int type = static_cast<int>(type_);
  device_.call(IOCTL(VIDIOC_STREAMON), &type);
  streaming_ = true;
}

uint8_t* BufferQueue::bytes(unsigned index) {
  Buffer& buffer = buffers_[index];
  if (buffer.mapped == nullptr) {
    const int fd = buffer.foreign.get() >= 0 ? buffer.foreign.get() : device_.fd();
    void* const mapped = mmap(nullptr, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, buffer.offset);
    if (mapped == MAP_FAILED) throw CodedError::of_call(errno, "mmap", device_.path());
    buffer.mapped = static_cast<uint8_t*>(mapped);
  }
  if (buffer.foreign.get() >= 0 && !buffer.being_read) {
    sync(buffer.foreign.get(), DMA_BUF_SYNC_START);
    buffer.being_read = true;
  }
  return buffer.mapped;
}

std::optional<UniqueFd> BufferQueue::exported(unsigned index) const {
  v4l2_exportbuffer request{};
  request.type = type_;
  request.index = index;
  request.flags = O_RDWR | O_CLOEXEC;
  if (device_.attempt(IOCTL(VIDIOC_EXPBUF), &request) != 0) return std::nullopt;
  return UniqueFd(request.fd);
}

v4l2_buffer BufferQueue::buffer(unsigned index, v4l2_plane& plane) const {
  v4l2_buffer buffer{};
  buffer.index = index;
  buffer.type = type_;
  buffer.memory = memory_;
  if (multiplanar()) {
    buffer.m.planes = &plane;
    buffer.length = 1;
  }
  return buffer;
}

void BufferQueue::set_memory(v4l2_buffer& queued, v4l2_plane& plane, int dmabuf, size_t length) {
  if (V4L2_TYPE_IS_MULTIPLANAR(queued.type)) {
    plane.m.fd = dmabuf;
    plane.length = static_cast<uint32_t>(length);
  } else {
    queued.m.fd = dmabuf;
    queued.length = static_cast<uint32_t>(length);
  }
}

void BufferQueue::queue(unsigned index) {
  v4l2_plane plane{};
  v4l2_buffer queued = buffer(index, plane);
  Buffer& own = buffers_[index];
  if (own.foreign.get() >= 0) {
    if (own.being_read) sync(own.foreign.get(), DMA_BUF_SYNC_END);
    own.being_read = false;
    set_memory(queued, plane, own.foreign.get(), own.length);
  }
  device_.call(IOCTL(VIDIOC_QBUF), &queued);
}

void BufferQueue::queue_picture(unsigned index, size_t used, int64_t timestamp_us, int dmabuf, size_t length) {
  v4l2_plane plane{};
  v4l2_buffer queued = buffer(index, plane);
  queued.field = V4L2_FIELD_NONE;
  queued.timestamp.tv_sec = timestamp_us / 1'000'000;
  queued.timestamp.tv_usec = timestamp_us % 1'000'000;
  if (multiplanar()) {
    plane.bytesused = static_cast<uint32_t>(used);
  } else {
    queued.bytesused = static_cast<uint32_t>(used);
  }
  if (dmabuf >= 0) set_memory(queued, plane, dmabuf, length);
  device_.call(IOCTL(VIDIOC_QBUF), &queued);
}

std::optional<FilledBuffer> BufferQueue::dequeue() {
  v4l2_plane plane{};
  v4l2_buffer filled = buffer(0, plane);
  const int error_number = device_.attempt(IOCTL(VIDIOC_DQBUF), &filled);
  // EPIPE: the last buffer of a drained encoder has been taken.
  if (error_number == EAGAIN || error_number == EPIPE) return std::nullopt;
  if (error_number != 0) throw device_.error(error_number, IOCTL(VIDIOC_DQBUF));
  const int64_t timestamp_us = int64_t{filled.timestamp.tv_sec} * 1'000'000 + filled.timestamp.tv_usec;
  const size_t offset = multiplanar() ? plane.data_offset : 0;
  const size_t end = multiplanar() ? plane.bytesused : filled.bytesused;
  return FilledBuffer{filled.index, filled.flags, filled.sequence, timestamp_us, offset, end > offset ? end - offset : 0};
}

}  // namespace mykvm
