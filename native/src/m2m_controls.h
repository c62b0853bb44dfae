#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rate_settings.h"
#include "v4l2.h"

namespace mykvm {

// What an encoder's controls are set from.
struct M2mSettings {
  int width;
  int height;
  RateSettings rate;
};

// Sets one integer control. False when the encoder has no such control, or not such a value.
bool set_control(const VideoDevice& device, uint32_t id, int value);

// Both ends; false when one of them is refused. May be called while the encoder runs.
bool set_quantizers(const VideoDevice& device, const QuantizerRange& quantizers);

// Sets everything that does not change while the encoder runs; returns the names of what it does not know.
std::vector<std::string> set_controls(const VideoDevice& device, const M2mSettings& settings);

// The least V4L2_MPEG_VIDEO_H264_LEVEL_* that allows the stream (ITU-T H.264, table A-1); the greatest when none does.
int level_for(const M2mSettings& settings);

}  // namespace mykvm
