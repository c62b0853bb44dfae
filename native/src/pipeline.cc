#include "pipeline.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <limits>

#include "monotonic_clock.h"

namespace mykvm {

namespace {

// Two pictures must differ in RTP time, whose tick is 11.1 µs (RFC 6184, 90 kHz).
constexpr int64_t SMALLEST_STEP_US = 12;

constexpr int64_t NEVER = -1;

// Signals belong to Node's main thread.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

Pipeline::Pipeline(const PipelineSettings& settings, void (*notify)(void*), void* context)
    : source_(settings.source),
      notify_(notify),
      context_(context),
      bitrate_bps_(settings.bitrate_bps),
      frame_rate_(settings.frame_rate),
      limit_(settings.frame_rate),
      control_(settings.bitrate_bps, settings.frame_rate) {
  if (!source_->attach(wake_)) {
    throw CodedError("EBUSY", "the frame buffer has another pipeline that reads it");
  }
  try {
    thread_ = std::thread(&Pipeline::run, this);
  } catch (const std::system_error& error) {
    source_->detach();
    throw CodedError("EAGAIN", error.what());
  }
}

Pipeline::~Pipeline() {
  {
    const std::lock_guard lock(mutex_);
    wishes_.stop = true;
  }
  wake_->signal();
  thread_.join();
}

void Pipeline::request_keyframe() {
  {
    const std::lock_guard lock(mutex_);
    wishes_.keyframe = true;
  }
  wake_->signal();
}

void Pipeline::set_bitrate(int bitrate_bps) {
  {
    const std::lock_guard lock(mutex_);
    wishes_.bitrate_bps = bitrate_bps;
  }
  wake_->signal();
}

void Pipeline::set_frame_rate(double frame_rate) {
  {
    const std::lock_guard lock(mutex_);
    wishes_.frame_rate = frame_rate;
  }
  wake_->signal();
}

PipelineCounts Pipeline::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::optional<AccessUnit> Pipeline::take_unit() {
  std::optional<AccessUnit> unit;
  bool was_full;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) return unit;
    was_full = queue_.size() >= QUEUE_LIMIT;
    unit = std::move(queue_.front());
    queue_.pop_front();
  }
  // The thread waits for room if it dropped a picture.
  if (was_full) wake_->signal();
  return unit;
}

std::optional<CodedError> Pipeline::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void Pipeline::run() {
  block_signals();
  pthread_setname_np(pthread_self(), "mykvm-pipeline");
  std::optional<CodedError> failure;
  try {
    loop();
  } catch (const CodedError& error) {
    failure = error;
  } catch (const std::bad_alloc&) {
    failure = CodedError("ENOMEM", "not enough memory for the pipeline");
  }
  encoder_.reset();
  source_->detach();
  if (!failure) return;
  {
    const std::lock_guard lock(mutex_);
    failure_ = failure;
  }
  notify_(context_);
}

void Pipeline::loop() {
  for (;;) {
    // The picture first: a keyframe that was asked for before it was submitted is this one.
    take_picture();
    if (!heed_wishes()) return;
    if (source_->closed()) {
      throw CodedError("ERR_FRAME_BUFFER_CLOSED", "the frame buffer was closed while the pipeline read it");
    }
    const int64_t next_us = step();
    if (next_us != 0) wake_->wait_until(next_us);
  }
}

// False when the thread must end.
bool Pipeline::heed_wishes() {
  Wishes wishes;
  {
    const std::lock_guard lock(mutex_);
    std::swap(wishes, wishes_);
  }
  if (wishes.stop) return false;
  if (wishes.keyframe) keyframe_needed_ = true;
  if (wishes.bitrate_bps) {
    bitrate_bps_ = *wishes.bitrate_bps;
    control_.set_bitrate(bitrate_bps_);
  }
  if (wishes.frame_rate) {
    frame_rate_ = *wishes.frame_rate;
    limit_.set_rate(frame_rate_);
    control_.set_frame_rate(frame_rate_);
  }
  return true;
}

// Converts a submitted picture at once, so that the producer has its pixels back, and compares it with the last coded.
void Pipeline::take_picture() {
  const std::optional<FrameLease> lease = source_->take();
  if (!lease) return;
  const int64_t began_us = monotonic_us();
  newest_.resize(lease->pixels->width, lease->pixels->height);
  convert_rgb_to_i420(lease->pixels->words.data(), newest_);
  source_->give_back(*lease);
  count(&PipelineCounts::captured);
  has_newest_ = !has_last_ || !newest_.equals(last_, lease->ignore);
  newest_timestamp_us_ = lease->timestamp_us;
  newest_spent_us_ = monotonic_us() - began_us;
  if (!has_newest_) count(&PipelineCounts::unchanged);
}

// Codes what is due. Returns when to look again: 0 at once, NEVER only when the source has something new.
int64_t Pipeline::step() {
  if (!has_newest_ && !has_last_) return NEVER;
  if (queue_full()) {
    if (has_newest_) {
      // Dropped, but remembered: it is coded as a keyframe as soon as there is room.
      std::swap(last_, newest_);
      has_newest_ = false;
      has_last_ = true;
      keyframe_needed_ = true;
      count(&PipelineCounts::dropped);
    }
    return NEVER;
  }
  const int64_t now_us = monotonic_us();
  int64_t due_us = limit_.due_us();
  if (!keyframe_needed_) due_us = std::max(due_us, has_newest_ ? control_.due_us() : repeats_.due_us());
  if (now_us < due_us) return due_us;
  if (has_newest_) {
    code_newest();
  } else {
    code_again();
  }
  return 0;
}

void Pipeline::code_newest() {
  const int64_t began_us = monotonic_us();
  const int work = has_last_ ? newest_.changed_macroblocks(last_) : newest_.macroblocks();
  std::swap(last_, newest_);
  has_last_ = true;
  has_newest_ = false;
  limit_.charge(began_us);
  code(PictureKind::CHANGED, work, newest_timestamp_us_, newest_spent_us_);
  repeats_.restart(began_us);
}

void Pipeline::code_again() {
  const int64_t now_us = monotonic_us();
  const bool asked = keyframe_needed_;
  code(PictureKind::REPEAT, 0, now_us, 0);
  if (asked) {
    // A keyframe is coarse at first: it sharpens like a changed picture. It counts against the rate; a repeat does not,
    // so that no repeat delays a changed picture.
    limit_.charge(now_us);
    repeats_.restart(now_us);
  } else {
    repeats_.advance(now_us, control_.coarse());
  }
}

// The encoder for the size of the picture and for a level that allows the frame rate; a new one begins with a keyframe.
void Pipeline::open_encoder() {
  if (encoder_) {
    const EncoderSettings& present = encoder_->settings();
    const bool fits = present.width == last_.width() && present.height == last_.height();
    if (fits && frame_rate_ <= present.frame_rate) return;
    if (!fits) control_.reset();
  }
  encoder_ = std::make_unique<SoftwareEncoder>(EncoderSettings{last_.width(), last_.height(), bitrate_bps_, frame_rate_});
  keyframe_needed_ = true;
}

// Codes last_.
void Pipeline::code(PictureKind kind, int work, int64_t timestamp_us, int64_t spent_us) {
  const int64_t began_us = monotonic_us();
  open_encoder();
  // A picture captured just before a repeat, but submitted after it, must not go back in time.
  last_timestamp_us_ = std::max(timestamp_us, last_timestamp_us_ + SMALLEST_STEP_US);
  const int quantizer = keyframe_needed_ ? control_.choose(PictureKind::KEYFRAME, last_.macroblocks(), began_us)
                                         : control_.choose(kind, work, began_us);
  EncodedPicture coded = encoder_->encode(last_, last_timestamp_us_, keyframe_needed_, quantizer);
  control_.coded(coded.bytes.size());
  keyframe_needed_ = false;
  AccessUnit unit{std::move(coded.bytes), coded.keyframe, last_timestamp_us_, ++number_,
                  last_.width(), last_.height(), spent_us + monotonic_us() - began_us};
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(unit));
    counts_.coded++;
  }
  notify_(context_);
}

bool Pipeline::queue_full() const {
  const std::lock_guard lock(mutex_);
  return queue_.size() >= QUEUE_LIMIT;
}

void Pipeline::count(uint32_t PipelineCounts::*which) {
  const std::lock_guard lock(mutex_);
  counts_.*which += 1;
}

}  // namespace mykvm
