#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "raw_picture.h"

class ISVCEncoder;
struct TagEncParamExt;

namespace mykvm {

// Size and rates decide the level that the SPS declares.
struct EncoderSettings {
  int width;
  int height;
  int bitrate_bps;
  double frame_rate;
  Colour colour;
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
  ~SoftwareEncoder();

  // Codes `picture`, which must have the size of the settings, with `quantizer` (0 to 51). Never skips a picture.
  EncodedPicture encode(const I420Picture& picture, int64_t timestamp_us, bool keyframe, int quantizer);

  const EncoderSettings& settings() const { return settings_; }

 private:
  struct Release {
    void operator()(ISVCEncoder* codec) const;
  };

  void set_quantizer(int quantizer);

  const EncoderSettings settings_;
  std::unique_ptr<ISVCEncoder, Release> codec_;
  std::unique_ptr<TagEncParamExt> parameters_;
};

}  // namespace mykvm
