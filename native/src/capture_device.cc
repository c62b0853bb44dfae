#include "capture_device.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cmath>

#include "device_users.h"
#include "dma_heap.h"
#include "monotonic_clock.h"

namespace mykvm {

namespace {

// Two with the encoder, one waiting for it, and enough for the driver never to wait for us.
constexpr unsigned BUFFERS = 6;
// Without a signal drivers need not tell of its return: look this often.
constexpr int64_t LOOK_US = 500'000;
// Timings that it cannot stream are tried again ever more rarely: each time costs buffers for whole pictures.
constexpr int64_t FIRST_RETRY_US = 500'000;
constexpr int64_t LAST_RETRY_US = 5'000'000;
// A source of any rate that we take has delivered a picture in this time; else the signal is read again.
constexpr int64_t STALL_US = 2'000'000;

// How many pictures a driver has counted and not given to us. None when its counter stands still or goes back, as some do that
// start over or count twice; running over at 32 bits is going on.
uint32_t pictures_between(uint32_t last, uint32_t next) {
  const uint32_t step = next - last;
  return step == 0 || step > INT32_MAX ? 0 : step - 1;
}

// Receivers measure the pixel clock, a little different each time.
bool alike(const v4l2_bt_timings& one, const v4l2_bt_timings& other) {
  constexpr double TOLERANCE = 0.02;
  const double rate = frame_rate_of(one);
  return one.width == other.width && one.height == other.height &&
         std::abs(rate - frame_rate_of(other)) <= rate * TOLERANCE;
}

// "1920x1080 at 60 Hz".
std::string mode_text(const v4l2_bt_timings& timings) {
  return std::to_string(timings.width) + "x" + std::to_string(timings.height) + " at " +
         std::to_string(std::lround(frame_rate_of(timings))) + " Hz";
}

}  // namespace

CaptureDevice::CaptureDevice(std::string path, uint32_t pixel_format)
    : path_(std::move(path)), pixel_format_(pixel_format) {}

CaptureDevice::~CaptureDevice() = default;

// Runs `action`; when the device turns out to be gone, viewers hear so, and when it is busy, the log tells with whom.
template <typename Action>
auto CaptureDevice::noting_loss(Action action) {
  try {
    return action();
  } catch (const CodedError& error) {
    if (error.error_number() == ENODEV) signal_ = Signal{};
    if (error.error_number() == EBUSY) throw busy_error(error, path_);
    throw;
  }
}

void CaptureDevice::open(const std::vector<uint32_t>& fourccs, bool shared) {
  shared_ = shared;
  fourccs_ = fourccs;
  if (pixel_format_ != 0) {
    const bool taken = std::find(fourccs.begin(), fourccs.end(), pixel_format_) != fourccs.end();
    fourccs_.clear();
    if (taken) fourccs_.push_back(pixel_format_);
  }
  noting_loss([&] { open_device(); });
}

void CaptureDevice::open_device() {
  try {
    device_ = std::make_unique<VideoDevice>(path_);
  } catch (const CodedError& error) {
    const bool missing = error.error_number() == ENOENT || error.error_number() == ENXIO;
    if (!missing) throw;
    throw CodedError::of_call(ENODEV, "open", path_, "there is no capture device");
  }
  v4l2_capability capability{};
  const int queried = device_->attempt(IOCTL(VIDIOC_QUERYCAP), &capability);
  if (queried == ENOTTY) throw CodedError::of_call(ENOTTY, "VIDIOC_QUERYCAP", path_, "this is no video device");
  if (queried != 0) throw device_->error(queried, IOCTL(VIDIOC_QUERYCAP));
  const uint32_t capabilities = node_capabilities(capability);
  const bool single = (capabilities & V4L2_CAP_VIDEO_CAPTURE) != 0;
  const bool multi = (capabilities & V4L2_CAP_VIDEO_CAPTURE_MPLANE) != 0;
  if ((!single && !multi) || (capabilities & V4L2_CAP_STREAMING) == 0) {
    const std::string name = reinterpret_cast<const char*>(capability.card);
    throw CodedError::of_call(EINVAL, "VIDIOC_QUERYCAP", path_, "this video device captures no pictures (" + name + ")");
  }
  queue_type_ = single ? V4L2_BUF_TYPE_VIDEO_CAPTURE : V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
  subscribe(V4L2_EVENT_SOURCE_CHANGE, 0);
  subscribe(V4L2_EVENT_CTRL, V4L2_CID_DV_RX_POWER_PRESENT);
}

// Drivers that do not know the event are looked at when their pictures stop.
void CaptureDevice::subscribe(uint32_t type, uint32_t id) const {
  v4l2_event_subscription subscription{};
  subscription.type = type;
  subscription.id = id;
  device_->attempt(IOCTL(VIDIOC_SUBSCRIBE_EVENT), &subscription);
}

bool CaptureDevice::attend(short revents) {
  return noting_loss([&] {
    if ((revents & POLLPRI) != 0) take_events();
    if (!queue_ && (revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) require_present();
    return changed_ || monotonic_us() >= check_us_;
  });
}

void CaptureDevice::take_events() {
  v4l2_event event{};
  while (device_->attempt(IOCTL(VIDIOC_DQEVENT), &event) == 0) {
    if (event.type == V4L2_EVENT_SOURCE_CHANGE || event.type == V4L2_EVENT_CTRL) changed_ = true;
  }
}

// While it streams, taking a picture tells; without a stream a vanished device shows in poll() only.
void CaptureDevice::require_present() const {
  device_->capability();
  throw CodedError::of_call(EIO, "poll", path_, "the capture device reports an error");
}

void CaptureDevice::rebuild() {
  noting_loss([&] {
    stop();
    // What the source says of itself is news even when the timings are the old ones.
    if (changed_) refused_timings_.reset();
    changed_ = false;
    const InputReading input = read_input(*device_);
    const SignalState state = input.state == SignalState::OK ? start(input) : input.state;
    if (state != SignalState::OK) lose_signal(state);
  });
}

bool CaptureDevice::refused_before(const v4l2_bt_timings& timings) const {
  return refused_timings_ && alike(*refused_timings_, timings);
}

void CaptureDevice::note_refusal(const v4l2_bt_timings& timings) {
  const bool again = refused_before(timings);
  const std::string mode = mode_text(timings);
  // A source that comes and goes with the same mode is no news.
  if (mode != noticed_mode_) {
    notice_ = "the capture device " + path_ + " sees " + mode +
              " but does not stream it: more than its lanes carry, if it is a bridge on a camera port";
    noticed_mode_ = mode;
  }
  retry_delay_us_ = again ? std::min(retry_delay_us_ * 2, LAST_RETRY_US) : FIRST_RETRY_US;
  retry_us_ = monotonic_us() + retry_delay_us_;
  refused_timings_ = timings;
}

void CaptureDevice::stop() {
  exported_.clear();
  queue_.reset();
}

// Streams, unless the device cannot stream these timings, such as a bridge with too few CSI lanes for them.
SignalState CaptureDevice::start(const InputReading& input) {
  const bool waits = input.timings && refused_before(*input.timings) && monotonic_us() < retry_us_;
  if (waits) return SignalState::UNSUPPORTED_TIMINGS;
  try {
    make_buffers(input);
    queue_->start();
  } catch (const CodedError& error) {
    stop();
    const bool timings_refused = error.error_number() == EINVAL && error.syscall() == "VIDIOC_STREAMON";
    if (!input.timings || !timings_refused) throw;
    note_refusal(*input.timings);
    return SignalState::UNSUPPORTED_TIMINGS;
  }
  refused_timings_.reset();
  has_sequence_ = false;
  signal_ = Signal{SignalState::OK, format_.width, format_.height, format_.frame_rate};
  expect_picture();
  return SignalState::OK;
}

// Sets the format and queues all buffers.
void CaptureDevice::make_buffers(const InputReading& input) {
  queue_ = std::make_unique<BufferQueue>(*device_, queue_type_);
  format_ = choose_capture_format(*device_, *queue_, queue_type_, input, fourccs_);
  queue_->allocate(BUFFERS, V4L2_MEMORY_MMAP);
  exported_.clear();
  exported_.resize(queue_->count());
  const bool shareable = shared_ && format_.fourcc != V4L2_PIX_FMT_MJPEG;
  if (shareable && dmabuf(0) < 0 && use_heap()) return;
  for (unsigned slot = 0; slot < queue_->count(); slot++) queue_->queue(slot);
}

// For a driver that cannot export its own memory: all buffers in memory of a heap. False when there is none or the driver
// does not take it; then its own memory is back.
bool CaptureDevice::use_heap() {
  std::optional<std::vector<UniqueFd>> memory = allocate_from_dma_heap(queue_->count(), format_.size);
  if (!memory) return false;
  auto own = std::make_unique<BufferQueue>(*device_, queue_type_);
  queue_.reset();
  try {
    own->allocate_in(std::move(*memory), format_.size);
    for (unsigned slot = 0; slot < own->count(); slot++) own->queue(slot);
    queue_ = std::move(own);
    return true;
  } catch (const CodedError& error) {
    if (error.error_number() == ENODEV) throw;
  }
  own.reset();
  queue_ = std::make_unique<BufferQueue>(*device_, queue_type_);
  queue_->allocate(BUFFERS, V4L2_MEMORY_MMAP);
  return false;
}

void CaptureDevice::lose_signal(SignalState state) {
  signal_ = Signal{state, 0, 0, 0};
  check_us_ = monotonic_us() + LOOK_US;
}

void CaptureDevice::expect_picture() { check_us_ = monotonic_us() + STALL_US; }

std::optional<RawPicture> CaptureDevice::take() {
  if (!queue_) return std::nullopt;
  return noting_loss([&] {
    std::optional<RawPicture> newest;
    while (const std::optional<FilledBuffer> buffer = queue_->dequeue()) {
      expect_picture();
      if (!usable(*buffer)) {
        queue_->queue(buffer->index);
        continue;
      }
      if (newest) queue_->queue(newest->slot);
      const bool monotonic = (buffer->flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
      const int64_t now_us = monotonic_us();
      newest = RawPicture{buffer->index, monotonic ? buffer->timestamp_us : now_us, now_us, buffer->used, {}};
    }
    return newest;
  });
}

bool CaptureDevice::usable(const FilledBuffer& buffer) {
  if (has_sequence_) counts_.missed += pictures_between(last_sequence_, buffer.sequence);
  has_sequence_ = true;
  last_sequence_ = buffer.sequence;
  // A picture that is cut short has less than its format takes.
  if ((buffer.flags & V4L2_BUF_FLAG_ERROR) != 0 || buffer.used < least_size(format_)) {
    counts_.damaged++;
    return false;
  }
  counts_.captured++;
  return true;
}

void CaptureDevice::give_back(const RawPicture& picture) {
  noting_loss([&] { queue_->queue(picture.slot); });
}

// The first use of a slot maps it, which fails when the device is gone.
const uint8_t* CaptureDevice::bytes(unsigned slot) {
  return noting_loss([&] { return queue_->bytes(slot); });
}

int CaptureDevice::dmabuf(unsigned slot) {
  if (queue_->foreign(slot) >= 0) return queue_->foreign(slot);
  std::optional<UniqueFd>& fd = exported_[slot];
  if (!fd) fd = queue_->exported(slot);
  return fd ? fd->get() : -1;
}

// Without a stream, POLLIN would be an error at once.
Watched CaptureDevice::watched() const {
  if (!device_) return {};
  return {device_->fd(), static_cast<short>(queue_ ? POLLIN | POLLPRI : POLLPRI)};
}

}  // namespace mykvm
