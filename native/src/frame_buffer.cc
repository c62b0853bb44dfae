#include "frame_buffer.h"

#include <unordered_map>

#include "coded_error.h"
#include "monotonic_clock.h"

namespace mykvm {

namespace {

// Handles of this process. Shared by all threads that loaded the addon, and never destroyed: a worker may still run
// while the process ends.
struct Registry {
  std::mutex mutex;
  uint32_t last_handle = 0;
  std::unordered_map<uint32_t, std::weak_ptr<FrameBuffer>> open;
};

Registry& registry() {
  static Registry& instance = *new Registry;
  return instance;
}

}  // namespace

std::shared_ptr<FrameBuffer> FrameBuffer::create() {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  const uint32_t handle = ++all.last_handle;
  auto buffer = std::make_shared<FrameBuffer>(handle);
  all.open.emplace(handle, buffer);
  return buffer;
}

std::shared_ptr<FrameBuffer> FrameBuffer::find(uint32_t handle) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  const auto entry = all.open.find(handle);
  return entry == all.open.end() ? nullptr : entry->second.lock();
}

void FrameBuffer::close() {
  {
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    all.open.erase(handle_);
  }
  const std::lock_guard lock(mutex_);
  closed_ = true;
  if (reader_) reader_->signal();
}

bool FrameBuffer::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

bool FrameBuffer::open_producer() {
  const std::lock_guard lock(mutex_);
  if (has_producer_) return false;
  has_producer_ = true;
  return true;
}

void FrameBuffer::close_producer() {
  const std::lock_guard lock(mutex_);
  has_producer_ = false;
  if (holder_ != Holder::PRODUCER) return;
  // Half drawn: not a picture that anybody may be shown.
  holder_ = Holder::NOBODY;
  pixels_.reset();
}

std::shared_ptr<Pixels> FrameBuffer::set_mode(int width, int height) {
  const size_t count = static_cast<size_t>(width) * static_cast<size_t>(height);
  auto pixels = std::make_shared<Pixels>(Pixels{width, height, std::vector<uint32_t>(count)});
  const std::lock_guard lock(mutex_);
  require_open();
  pixels_ = pixels;
  holder_ = Holder::PRODUCER;
  return pixels;
}

bool FrameBuffer::acquire() {
  const std::lock_guard lock(mutex_);
  require_open();
  require_mode();
  if (holder_ == Holder::READER || (holder_ == Holder::SUBMITTED && reader_)) return false;
  holder_ = Holder::PRODUCER;
  return true;
}

void FrameBuffer::submit(int64_t timestamp_us, const Rect& ignore) {
  const std::lock_guard lock(mutex_);
  require_open();
  require_mode();
  if (holder_ != Holder::PRODUCER) {
    throw CodedError("ERR_FRAME_BUFFER_STATE", "submit() without acquire(): the pixels are not the producer's");
  }
  holder_ = Holder::SUBMITTED;
  timestamp_us_ = timestamp_us;
  ignore_ = ignore;
  if (reader_) reader_->signal();
}

Rect FrameBuffer::mode() const {
  const std::lock_guard lock(mutex_);
  return pixels_ ? Rect{0, 0, pixels_->width, pixels_->height} : Rect{};
}

bool FrameBuffer::attach(std::shared_ptr<WakeEvent> wake) {
  const std::lock_guard lock(mutex_);
  if (reader_) return false;
  reader_ = std::move(wake);
  if (pixels_ && holder_ != Holder::PRODUCER) {
    // Perhaps minutes old, but this is what the source shows now.
    holder_ = Holder::SUBMITTED;
    timestamp_us_ = monotonic_us();
    reader_->signal();
  }
  return true;
}

void FrameBuffer::detach() {
  const std::lock_guard lock(mutex_);
  reader_.reset();
  // The reader failed before it gave them back.
  if (holder_ == Holder::READER) holder_ = Holder::NOBODY;
}

std::optional<FrameLease> FrameBuffer::take() {
  const std::lock_guard lock(mutex_);
  if (holder_ != Holder::SUBMITTED) return std::nullopt;
  holder_ = Holder::READER;
  return FrameLease{pixels_, timestamp_us_, ignore_};
}

void FrameBuffer::give_back(const FrameLease& lease) {
  const std::lock_guard lock(mutex_);
  // After set_mode() in between, the lease is of pixels that nobody else knows any more.
  if (holder_ == Holder::READER && lease.pixels == pixels_) holder_ = Holder::NOBODY;
}

void FrameBuffer::require_open() const {
  if (closed_) throw CodedError("ERR_FRAME_BUFFER_CLOSED", "the frame buffer is closed");
}

void FrameBuffer::require_mode() const {
  if (!pixels_) throw CodedError("ERR_FRAME_BUFFER_STATE", "the frame buffer has no mode: call setMode() first");
}

}  // namespace mykvm
