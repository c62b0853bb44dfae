#pragma once

#include <optional>

#include "v4l2.h"
#include "video_source.h"

namespace mykvm {

// What the input of a capture device says, before any picture is taken.
struct InputReading {
  SignalState state = SignalState::NO_SIGNAL;
  // Of a device that follows a digital source (HDMI); empty for webcams and dongles, whose size we choose.
  std::optional<v4l2_bt_timings> timings;
};

// Reads the input step by step: power, DV timings; and makes the device follow the timings, for which it must have no
// buffers. Throws CodedError when the device fails for another reason than the signal.
InputReading read_input(const VideoDevice& device);

// Pictures per second; 0 when the timings do not tell.
double frame_rate_of(const v4l2_bt_timings& timings);

}  // namespace mykvm
