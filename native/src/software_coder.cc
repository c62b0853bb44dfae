#include "software_coder.h"

#include <algorithm>

#include "monotonic_clock.h"

namespace mykvm {

namespace {

// Two pictures must differ in RTP time, whose tick is 11.1 µs (RFC 6184, 90 kHz).
constexpr int64_t SMALLEST_STEP_US = 12;

}  // namespace

SoftwareCoder::SoftwareCoder(VideoSource& source, CoderHost& host, const RateSettings& settings)
    : source_(source),
      host_(host),
      settings_(settings),
      limit_(settings.frame_rate),
      control_(settings) {}

// By the work of the conversion.
std::vector<uint32_t> SoftwareCoder::fourccs() {
  return {V4L2_PIX_FMT_YUV420, V4L2_PIX_FMT_NV12, V4L2_PIX_FMT_UYVY, V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_RGB24,
          V4L2_PIX_FMT_MJPEG};
}

void SoftwareCoder::set_bitrate(int bitrate_bps) {
  settings_.bitrate_bps = bitrate_bps;
  control_.set_bitrate(bitrate_bps);
}

void SoftwareCoder::set_frame_rate(double frame_rate) {
  settings_.frame_rate = frame_rate;
  limit_.set_rate(frame_rate);
  control_.set_frame_rate(frame_rate);
}

void SoftwareCoder::take(const RawPicture& picture) {
  const int64_t began_us = monotonic_us();
  const bool whole = convert(picture);
  source_.give_back(picture);
  if (!whole) {
    // What waited is overwritten, and what comes next is compared with what was coded last.
    has_newest_ = false;
    host_.count_damaged();
    return;
  }
  colour_ = source_.format().colour;
  has_newest_ = !has_last_ || !newest_.equals(last_, picture.ignore);
  newest_moments_ = {picture.timestamp_us, picture.taken_us, monotonic_us() - began_us};
  if (!has_newest_) host_.count_unchanged();
}

// Into newest_. False for a JPEG that is broken.
bool SoftwareCoder::convert(const RawPicture& picture) {
  const RawFormat& format = source_.format();
  const uint8_t* const bytes = source_.bytes(picture.slot);
  if (format.fourcc != V4L2_PIX_FMT_MJPEG) {
    convert_to_i420(format, bytes, newest_);
    return true;
  }
  if (!jpeg_) jpeg_ = std::make_unique<JpegDecoder>();
  newest_.resize(format.width, format.height);
  const size_t width = static_cast<size_t>(format.width);
  return jpeg_->decode(bytes, picture.used, format.width, format.height,
                       {newest_.y(), newest_.u(), newest_.v(), width, width / 2});
}

void SoftwareCoder::forget() {
  has_last_ = false;
  has_newest_ = false;
  keyframe_needed_ = true;
}

int64_t SoftwareCoder::step() {
  if (!has_newest_ && !has_last_) return NEVER;
  if (host_.full(0)) {
    if (has_newest_) {
      // Dropped, but remembered: it is coded as a keyframe as soon as there is room.
      keyframe_needed_ = true;
      host_.count_dropped();
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

void SoftwareCoder::code_newest() {
  const int64_t began_us = monotonic_us();
  const int work = has_last_ ? newest_.changed_macroblocks(last_) : newest_.macroblocks();
  std::swap(last_, newest_);
  has_last_ = true;
  has_newest_ = false;
  limit_.charge(began_us);
  code(PictureKind::CHANGED, work, newest_moments_);
  repeats_.restart(began_us);
}

void SoftwareCoder::code_again() {
  const int64_t now_us = monotonic_us();
  const bool asked = keyframe_needed_;
  code(PictureKind::REPEAT, 0, {now_us, NEVER, 0});
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
void SoftwareCoder::open_encoder() {
  if (encoder_) {
    const EncoderSettings& present = encoder_->settings();
    const bool fits = present.width == last_.width() && present.height == last_.height();
    if (fits && settings_.frame_rate <= present.frame_rate && present.colour == colour_) return;
    if (!fits) control_.reset();
  }
  encoder_ = std::make_unique<SoftwareEncoder>(
      EncoderSettings{last_.width(), last_.height(), settings_.bitrate_bps, settings_.frame_rate, colour_});
  keyframe_needed_ = true;
}

// Codes last_.
void SoftwareCoder::code(PictureKind kind, int work, const Moments& moments) {
  const int64_t began_us = monotonic_us();
  open_encoder();
  // A picture captured just before a repeat, but submitted after it, must not go back in time.
  last_timestamp_us_ = std::max(moments.captured_us, last_timestamp_us_ + SMALLEST_STEP_US);
  const int quantizer = keyframe_needed_ ? control_.choose(PictureKind::KEYFRAME, last_.macroblocks(), began_us)
                                         : control_.choose(kind, work, began_us);
  EncodedPicture coded = encoder_->encode(last_, last_timestamp_us_, keyframe_needed_, quantizer);
  control_.coded(coded.bytes.size());
  keyframe_needed_ = false;
  const int64_t coded_us = monotonic_us();
  host_.deliver(AccessUnit{std::move(coded.bytes), coded.keyframe, last_timestamp_us_, 0, last_.width(),
                           last_.height(), moments.taken_us, moments.spent_us + coded_us - began_us, coded_us});
}

}  // namespace mykvm
