#include "capture_input.h"

#include <cerrno>

namespace mykvm {

namespace {

// 5 V from the source. Devices that cannot tell are taken to have it.
bool has_cable(const VideoDevice& device) {
  v4l2_control power{};
  power.id = V4L2_CID_DV_RX_POWER_PRESENT;
  return device.attempt(IOCTL(VIDIOC_G_CTRL), &power) != 0 || power.value != 0;
}

// For devices without DV timings: what the input's status bits say.
SignalState state_of_input(const VideoDevice& device) {
  v4l2_input input{};
  int index = 0;
  if (device.attempt(IOCTL(VIDIOC_G_INPUT), &index) != 0) return SignalState::OK;
  input.index = static_cast<uint32_t>(index);
  if (device.attempt(IOCTL(VIDIOC_ENUMINPUT), &input) != 0) return SignalState::OK;
  if ((input.status & V4L2_IN_ST_NO_POWER) != 0) return SignalState::NO_CABLE;
  if ((input.status & V4L2_IN_ST_NO_SIGNAL) != 0) return SignalState::NO_SIGNAL;
  if ((input.status & (V4L2_IN_ST_NO_H_LOCK | V4L2_IN_ST_NO_SYNC)) != 0) return SignalState::NO_SYNC;
  return SignalState::OK;
}

}  // namespace

InputReading read_input(const VideoDevice& device) {
  if (!has_cable(device)) return {SignalState::NO_CABLE, std::nullopt};
  v4l2_dv_timings timings{};
  const int queried = device.attempt(IOCTL(VIDIOC_QUERY_DV_TIMINGS), &timings);
  switch (queried) {
    case 0:
      break;
    case ENOTTY:
    case ENODATA:
      return {state_of_input(device), std::nullopt};
    case ENOLINK:
      return {SignalState::NO_SIGNAL, std::nullopt};
    case ENOLCK:
      return {SignalState::NO_SYNC, std::nullopt};
    case ERANGE:
      return {SignalState::UNSUPPORTED_TIMINGS, std::nullopt};
    default:
      throw device.error(queried, IOCTL(VIDIOC_QUERY_DV_TIMINGS));
  }
  const v4l2_bt_timings found = timings.bt;
  if (timings.type != V4L2_DV_BT_656_1120 || found.interlaced != V4L2_DV_PROGRESSIVE) {
    return {SignalState::UNSUPPORTED_TIMINGS, std::nullopt};
  }
  const int set = device.attempt(IOCTL(VIDIOC_S_DV_TIMINGS), &timings);
  if (set == EINVAL || set == ERANGE) return {SignalState::UNSUPPORTED_TIMINGS, std::nullopt};
  if (set != 0) throw device.error(set, IOCTL(VIDIOC_S_DV_TIMINGS));
  return {SignalState::OK, found};
}

double frame_rate_of(const v4l2_bt_timings& timings) {
  const double total = static_cast<double>(V4L2_DV_BT_FRAME_WIDTH(&timings)) *
                       static_cast<double>(V4L2_DV_BT_FRAME_HEIGHT(&timings));
  return total > 0 ? static_cast<double>(timings.pixelclock) / total : 0;
}

}  // namespace mykvm
