#pragma once

#include <memory>

#include "i420_picture.h"
#include "jpeg_decoder.h"
#include "picture_coder.h"
#include "rate_control.h"
#include "rate_limit.h"
#include "repeat_schedule.h"
#include "software_encoder.h"

namespace mykvm {

// Codes in software: converts each picture at once, so that the source has its memory back, leaves out what did not
// change, and repeats a still picture until it is sharp.
class SoftwareCoder : public PictureCoder {
 public:
  SoftwareCoder(VideoSource& source, CoderHost& host, const RateSettings& settings);

  std::vector<uint32_t> fourccs() override;
  bool shares_memory() const override { return false; }
  void take(const RawPicture& picture) override;
  void forget() override;
  int64_t step() override;
  Watched watched() const override { return {}; }

  void request_keyframe() override { keyframe_needed_ = true; }
  void set_bitrate(int bitrate_bps) override;
  void set_frame_rate(double frame_rate) override;
  void set_quantizers(const QuantizerRange& quantizers) override { control_.set_quantizers(quantizers); }

 private:
  // When a picture was captured, when it was taken, and how long its conversion took.
  struct Moments {
    int64_t captured_us = 0;
    int64_t taken_us = 0;
    int64_t spent_us = 0;
  };

  bool convert(const RawPicture& picture);
  void code_newest();
  void code_again();
  void open_encoder();
  void code(PictureKind kind, int work, const Moments& moments);

  VideoSource& source_;
  CoderHost& host_;
  RateSettings settings_;
  RateLimit limit_;
  RateControl control_;
  RepeatSchedule repeats_;
  std::unique_ptr<SoftwareEncoder> encoder_;
  Colour colour_;
  std::unique_ptr<JpegDecoder> jpeg_;
  I420Picture last_;
  I420Picture newest_;
  bool has_last_ = false;
  bool has_newest_ = false;
  bool keyframe_needed_ = false;
  Moments newest_moments_;
  int64_t last_timestamp_us_ = 0;
};

}  // namespace mykvm
