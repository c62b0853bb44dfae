#include "m2m_coder.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "monotonic_clock.h"
#include "sps_rewriter.h"

namespace mykvm {

namespace {

// One is coded while the next one waits in the driver: no gap between them, and no more lag than one picture.
constexpr size_t MOST_UNDER_WAY = 2;
constexpr unsigned COPY_SLOTS = 3;
// An encoder that has not finished a picture in this time hangs.
constexpr int64_t HANG_US = 5'000'000;
// How long the last pictures of a mode may take to come out.
constexpr int64_t DRAIN_US = 200'000;
constexpr int64_t SMALLEST_STEP_US = 12;
// When neither source nor user limits the rate.
constexpr double MOST_RATE = 60;

}  // namespace

M2mCoder::M2mCoder(std::string path, VideoSource& source, CoderHost& host, const RateSettings& settings)
    : path_(std::move(path)),
      source_(source),
      host_(host),
      settings_(settings),
      limit_(settings.frame_rate) {}

// Planar first: hardware encoders turn packed pictures into planar ones by themselves, which costs time. JPEGs are decoded
// to planar ones.
std::vector<uint32_t> M2mCoder::fourccs() {
  if (!encoder_) encoder_ = std::make_unique<M2mEncoder>(path_);
  const std::vector<uint32_t> taken = encoder_->fourccs();
  std::vector<uint32_t> result;
  for (const uint32_t fourcc : {V4L2_PIX_FMT_YUV420, V4L2_PIX_FMT_NV12, V4L2_PIX_FMT_UYVY, V4L2_PIX_FMT_YUYV,
                                V4L2_PIX_FMT_RGB24}) {
    if (std::find(taken.begin(), taken.end(), fourcc) != taken.end()) result.push_back(fourcc);
  }
  if (!result.empty() && result.front() == V4L2_PIX_FMT_YUV420) result.push_back(V4L2_PIX_FMT_MJPEG);
  return result;
}

void M2mCoder::set_bitrate(int bitrate_bps) {
  settings_.bitrate_bps = bitrate_bps;
  if (streaming_) encoder_->set_bitrate(bitrate_bps);
}

void M2mCoder::set_frame_rate(double frame_rate) {
  settings_.frame_rate = frame_rate;
  limit_.set_rate(frame_rate);
  if (streaming_) encoder_->set_frame_rate(rate());
}

void M2mCoder::set_quantizers(const QuantizerRange& quantizers) {
  settings_.quantizers = quantizers;
  if (streaming_) encoder_->set_quantizers(quantizers);
}

M2mSettings M2mCoder::encoder_settings() const {
  return {input_.width, input_.height, {settings_.bitrate_bps, rate(), settings_.quantizers}};
}

double M2mCoder::rate() const {
  const double source_rate = source_.format().frame_rate;
  return std::min(settings_.frame_rate, source_rate > 0 ? source_rate : MOST_RATE);
}

Watched M2mCoder::watched() const {
  if (!streaming_) return {};
  return {encoder_->fd(), POLLIN | POLLOUT};
}

void M2mCoder::take(const RawPicture& picture) {
  if (pending_) source_.give_back(*pending_);
  pending_ = picture;
  pending_dropped_ = false;
}

int64_t M2mCoder::step() {
  if (streaming_) collect();
  const int64_t hang_us = coding_.empty() ? NEVER : coding_.front().began_us + HANG_US;
  if (!pending_) return hang_us;
  if (host_.full(coding_.size())) {
    // Dropped, but remembered: it, or a newer one, is coded as a keyframe as soon as there is room.
    keyframe_needed_ = true;
    if (!pending_dropped_) host_.count_dropped();
    pending_dropped_ = true;
    return hang_us;
  }
  if (coding_.size() >= MOST_UNDER_WAY || (streaming_ && !importing_ && free_slots_.empty())) return hang_us;
  const int64_t due = due_us();
  if (monotonic_us() < due) return hang_us == NEVER ? due : std::min(due, hang_us);
  feed();
  return 0;
}

int64_t M2mCoder::due_us() const {
  const bool slow = stillness_.still() && !keyframe_needed_;
  return slow ? std::max(limit_.due_us(), fed_us_ + Stillness::PERIOD_US) : limit_.due_us();
}

void M2mCoder::feed() {
  if (!streaming_) open_encoder();
  const int64_t now_us = monotonic_us();
  // A driver may stamp pictures by another rule after a change of mode; receivers need them in order.
  pending_->timestamp_us = std::max(pending_->timestamp_us, last_timestamp_us_ + SMALLEST_STEP_US);
  if (keyframe_needed_) encoder_->force_keyframe();
  if (importing_ && !feed_import()) start_copying("it cannot read the memory of the capture device");
  if (!importing_ && !feed_copy()) {
    pending_.reset();
    return;
  }
  last_timestamp_us_ = pending_->timestamp_us;
  coding_.push_back({pending_->timestamp_us, pending_->taken_us, now_us});
  pending_.reset();
  keyframe_needed_ = false;
  fed_us_ = now_us;
  limit_.charge(now_us);
}

void M2mCoder::open_encoder() {
  input_ = source_.format();
  const bool decoded = input_.fourcc == V4L2_PIX_FMT_MJPEG;
  if (decoded) {
    input_.fourcc = V4L2_PIX_FMT_YUV420;
    input_.stride = static_cast<uint32_t>(input_.width);
    input_.size = least_size(input_);
  }
  stillness_.set_macroblocks(((input_.width + 15) / 16) * ((input_.height + 15) / 16));
  if (decoded) {
    start_copying("it comes as JPEG");
  } else if (!start_importing()) {
    start_copying("its pictures have another layout");
  }
}

void M2mCoder::configure() {
  encoder_->configure(input_, encoder_settings());
  if (encoder_->missing().empty()) return;
  std::string names;
  for (const std::string& name : encoder_->missing()) names += (names.empty() ? "" : ", ") + name;
  notice_once("the encoder " + path_ + " has no control for: " + names);
}

// False when the encoder cannot read the source's memory where it is.
bool M2mCoder::start_importing() {
  if (!encoder_) encoder_ = std::make_unique<M2mEncoder>(path_);
  configure();
  if (!encoder_->takes(input_)) return false;
  for (unsigned slot = 0; slot < source_.slots(); slot++) {
    if (source_.dmabuf(slot) < 0) return false;
  }
  if (!encoder_->start(source_.slots(), true)) return false;
  lent_.assign(source_.slots(), std::nullopt);
  importing_ = true;
  imported_ = false;
  streaming_ = true;
  return true;
}

void M2mCoder::start_copying(const std::string& why) {
  // A new one: queues that were set up for the other way do not change it.
  encoder_.reset();
  encoder_ = std::make_unique<M2mEncoder>(path_);
  configure();
  notice_once("each picture is copied for the encoder " + path_ + ": " + why);
  if (!encoder_->start(COPY_SLOTS, false)) {
    throw CodedError::of_call(ENOMEM, "VIDIOC_REQBUFS", path_, "the encoder has too few buffers");
  }
  lent_.clear();
  free_slots_.clear();
  for (unsigned slot = 0; slot < COPY_SLOTS; slot++) free_slots_.push_back(slot);
  importing_ = false;
  streaming_ = true;
}

// False when the very first picture shows that the memory cannot be shared after all.
bool M2mCoder::feed_import() {
  const unsigned slot = pending_->slot;
  try {
    encoder_->queue_dmabuf(slot, least_size(input_), pending_->timestamp_us, source_.dmabuf(slot),
                           source_.length(slot));
  } catch (const CodedError& error) {
    if (imported_ || error.error_number() == ENODEV) throw;
    return false;
  }
  imported_ = true;
  lent_[slot] = pending_;
  return true;
}

// False when the picture is broken.
bool M2mCoder::feed_copy() {
  const unsigned slot = free_slots_.back();
  const bool whole = fill(slot);
  source_.give_back(*pending_);
  if (!whole) {
    host_.count_damaged();
    return false;
  }
  free_slots_.pop_back();
  host_.count_copied();
  encoder_->queue_copy(slot, pending_->timestamp_us);
  return true;
}

// Copies or decodes the pending picture into memory of the encoder.
bool M2mCoder::fill(unsigned slot) {
  const uint8_t* const from = source_.bytes(pending_->slot);
  const RawFormat& layout = encoder_->layout();
  uint8_t* const to = encoder_->bytes(slot);
  if (source_.format().fourcc != V4L2_PIX_FMT_MJPEG) {
    copy_picture(input_, from, layout, to);
    return true;
  }
  if (!jpeg_) jpeg_ = std::make_unique<JpegDecoder>();
  const size_t luma_size = size_t{layout.stride} * static_cast<size_t>(layout.height);
  return jpeg_->decode(from, pending_->used, input_.width, input_.height,
                       {to, to + luma_size, to + luma_size * 5 / 4, layout.stride, layout.stride / 2});
}

void M2mCoder::collect() {
  collect_slots();
  collect_coded();
  if (!coding_.empty() && monotonic_us() - coding_.front().began_us > HANG_US) {
    throw CodedError::of_call(ETIMEDOUT, "poll", path_, "the encoder has not finished a picture for 5 s");
  }
}

void M2mCoder::collect_slots() {
  while (const std::optional<unsigned> slot = encoder_->take_slot()) {
    if (importing_) {
      source_.give_back(*lent_[*slot]);
      lent_[*slot].reset();
    } else {
      free_slots_.push_back(*slot);
    }
  }
}

// True when the encoder has drained.
bool M2mCoder::collect_coded() {
  while (std::optional<CodedBuffer> coded = encoder_->take_coded()) {
    const bool last = coded->last;
    deliver(std::move(*coded));
    if (last) return true;
  }
  return false;
}

void M2mCoder::deliver(CodedBuffer coded) {
  // The last buffer may be empty.
  if (coded.bytes.empty() && coded.last) return;
  const auto entry = std::find_if(coding_.begin(), coding_.end(),
                                  [&](const Coding& one) { return one.timestamp_us == coded.timestamp_us; });
  // Some firmware puts out a buffer that belongs to no picture when it starts.
  if (entry == coding_.end()) return;
  const Coding picture = *entry;
  coding_.erase(coding_.begin(), entry + 1);
  if (coded.damaged || coded.bytes.empty()) {
    keyframe_needed_ = true;
    host_.count_dropped();
    return;
  }
  stillness_.coded(coded.bytes.size(), coded.keyframe);
  if (!describe_sequence(coded.bytes, input_.colour)) {
    notice_once("the encoder " + path_ + " writes sequence parameters that cannot be read: colours may be wrong");
  }
  const int64_t coded_us = monotonic_us();
  host_.deliver(AccessUnit{std::move(coded.bytes), coded.keyframe, coded.timestamp_us, 0, input_.width, input_.height,
                           picture.taken_us, coded_us - picture.began_us, coded_us});
}

void M2mCoder::forget() {
  if (streaming_) finish();
  encoder_.reset();
  lent_.clear();
  pending_.reset();
  coding_.clear();
  streaming_ = false;
  keyframe_needed_ = false;
}

// What is under way still comes out: it shows the last of the old mode.
void M2mCoder::finish() {
  const int64_t end_us = monotonic_us() + DRAIN_US;
  if (coding_.empty()) return;
  // Without this command, pictures come out as well, but which one is the last is known by counting only.
  const bool draining = encoder_->drain();
  while (monotonic_us() < end_us && (draining || !coding_.empty())) {
    collect_slots();
    if (collect_coded()) return;
    pollfd entry{encoder_->fd(), POLLIN, 0};
    const int64_t left_us = std::max<int64_t>(0, end_us - monotonic_us());
    const timespec timeout{0, left_us * 1000};
    ppoll(&entry, 1, &timeout, nullptr);
    if ((entry.revents & (POLLERR | POLLHUP)) != 0) return;
  }
}

void M2mCoder::notice_once(std::string sentence) {
  if (std::find(noticed_.begin(), noticed_.end(), sentence) != noticed_.end()) return;
  host_.notice(sentence);
  noticed_.push_back(std::move(sentence));
}

}  // namespace mykvm
