#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "i420_picture.h"

class ISVCEncoder;

namespace mykvm {

struct EncoderSettings {
  int width;
  int height;
  int bitrate_bps;
  double frame_rate;
};

struct EncodedPicture {
  // Annex B; SPS and PPS in front of a keyframe.
  std::vector<uint8_t> bytes;
  bool keyframe;
};

// H.264 in software (libopenh264): Constrained Baseline, one slice a picture, keyframes only on demand. The first
// picture is a keyframe. One thread may use it at a time. Every method throws CodedError ERR_ENCODER when the codec fails.
class SoftwareEncoder {
 public:
  explicit SoftwareEncoder(const EncoderSettings& settings);

  // Codes `picture`, which must have the size of the settings. Never skips a picture.
  EncodedPicture encode(const I420Picture& picture, int64_t timestamp_us, bool keyframe);
  bool fits(const I420Picture& picture) const { return picture.width() == width_ && picture.height() == height_; }
  void set_bitrate(int bitrate_bps);
  void set_frame_rate(double frame_rate);

 private:
  struct Release {
    void operator()(ISVCEncoder* codec) const;
  };

  const int width_;
  const int height_;
  std::unique_ptr<ISVCEncoder, Release> codec_;
};

}  // namespace mykvm
