#include "pipeline.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <array>

#include "capture_device.h"
#include "frame_buffer_source.h"
#include "m2m_coder.h"
#include "monotonic_clock.h"
#include "software_coder.h"

namespace mykvm {

namespace {

// Signals belong to Node's main thread.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

std::unique_ptr<VideoSource> make_source(const PipelineSettings& settings, const std::shared_ptr<WakeEvent>& wake) {
  if (settings.frame_buffer) return std::make_unique<FrameBufferSource>(settings.frame_buffer, wake);
  return std::make_unique<CaptureDevice>(settings.capture_path, settings.pixel_format);
}

std::unique_ptr<PictureCoder> make_coder(const PipelineSettings& settings, VideoSource& source, CoderHost& host) {
  if (settings.encoder_path.empty()) {
    return std::make_unique<SoftwareCoder>(source, host, settings.rate);
  }
  return std::make_unique<M2mCoder>(settings.encoder_path, source, host, settings.rate);
}

// The earlier of two deadlines; NEVER is the latest.
int64_t earlier(int64_t a_us, int64_t b_us) {
  if (a_us == NEVER) return b_us;
  return b_us == NEVER ? a_us : std::min(a_us, b_us);
}

}  // namespace

Pipeline::Pipeline(const PipelineSettings& settings, void (*notify)(void*), void* context)
    : notify_(notify),
      context_(context),
      source_(make_source(settings, wake_)),
      coder_(make_coder(settings, *source_, *this)) {
  try {
    thread_ = std::thread(&Pipeline::run, this);
  } catch (const std::system_error& error) {
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

void Pipeline::set_quantizers(const QuantizerRange& quantizers) {
  {
    const std::lock_guard lock(mutex_);
    wishes_.quantizers = quantizers;
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
    counts_.stages.add(*unit, monotonic_us());
  }
  // The thread waits for room if it dropped a picture.
  if (was_full) wake_->signal();
  return unit;
}

std::optional<Signal> Pipeline::take_signal() {
  const std::lock_guard lock(mutex_);
  return std::exchange(signal_, std::nullopt);
}

std::optional<std::string> Pipeline::take_notice() {
  const std::lock_guard lock(mutex_);
  if (notices_.empty()) return std::nullopt;
  std::string sentence = std::move(notices_.front());
  notices_.pop_front();
  return sentence;
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
  if (failure) tell_signal();
  // The coder first: it has memory of the source in its hands.
  coder_.reset();
  source_.reset();
  if (!failure) return;
  {
    const std::lock_guard lock(mutex_);
    failure_ = failure;
  }
  notify_(context_);
}

void Pipeline::loop() {
  source_->open(coder_->fourccs(), coder_->shares_memory());
  short revents = 0;
  for (;;) {
    // The pictures first: a keyframe that was asked for before one was submitted is this one.
    take_pictures();
    if (!heed_wishes()) return;
    if (source_->attend(revents)) {
      coder_->forget();
      source_->rebuild();
    }
    tell_signal();
    if (const std::optional<std::string> sentence = source_->take_notice()) notice(*sentence);
    const int64_t next_us = coder_->step();
    revents = next_us == 0 ? short{0} : wait_until(earlier(next_us, source_->due_us()));
  }
}

// Returns what the source's descriptor tells.
short Pipeline::wait_until(int64_t deadline_us) {
  const Watched source = source_->watched();
  const Watched coder = coder_->watched();
  std::array<pollfd, 2> entries{{{source.fd, source.events, 0}, {coder.fd, coder.events, 0}}};
  wake_->wait_until(deadline_us, entries.data(), entries.size());
  return entries[0].revents;
}

// False when the thread must end.
bool Pipeline::heed_wishes() {
  Wishes wishes;
  {
    const std::lock_guard lock(mutex_);
    std::swap(wishes, wishes_);
  }
  if (wishes.stop) return false;
  if (wishes.keyframe) coder_->request_keyframe();
  if (wishes.bitrate_bps) coder_->set_bitrate(*wishes.bitrate_bps);
  if (wishes.frame_rate) coder_->set_frame_rate(*wishes.frame_rate);
  if (wishes.quantizers) coder_->set_quantizers(*wishes.quantizers);
  return true;
}

void Pipeline::take_pictures() {
  const std::optional<RawPicture> picture = source_->take();
  const SourceCounts counts = source_->counts();
  {
    const std::lock_guard lock(mutex_);
    counts_.source = counts;
  }
  if (picture) coder_->take(*picture);
}

void Pipeline::tell_signal() {
  const std::optional<Signal> signal = source_->signal();
  if (!signal || signal == told_signal_) return;
  told_signal_ = signal;
  {
    const std::lock_guard lock(mutex_);
    signal_ = signal;
  }
  notify_(context_);
}

bool Pipeline::full(size_t pending) const {
  const std::lock_guard lock(mutex_);
  return queue_.size() + pending >= QUEUE_LIMIT;
}

void Pipeline::deliver(AccessUnit unit) {
  unit.number = ++number_;
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(unit));
    counts_.coded++;
  }
  notify_(context_);
}

void Pipeline::count_unchanged() {
  const std::lock_guard lock(mutex_);
  counts_.unchanged++;
}

void Pipeline::count_dropped() {
  const std::lock_guard lock(mutex_);
  counts_.dropped++;
}

void Pipeline::count_copied() {
  const std::lock_guard lock(mutex_);
  counts_.copied++;
}

void Pipeline::count_damaged() {
  const std::lock_guard lock(mutex_);
  counts_.undecodable++;
}

void Pipeline::notice(const std::string& sentence) {
  {
    const std::lock_guard lock(mutex_);
    notices_.push_back(sentence);
  }
  notify_(context_);
}

}  // namespace mykvm
