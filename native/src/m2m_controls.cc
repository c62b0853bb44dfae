#include "m2m_controls.h"

#include <array>

namespace mykvm {

namespace {

struct Level {
  int value;
  int64_t macroblocks_per_second;
  int64_t macroblocks;
  int64_t bitrate_bps;
};

// ITU-T H.264, table A-1, bit rates for Constrained Baseline; from 3.0 on, below nothing is gained.
constexpr std::array<Level, 8> LEVELS{{
    {V4L2_MPEG_VIDEO_H264_LEVEL_3_0, 40'500, 1'620, 10'000'000},
    {V4L2_MPEG_VIDEO_H264_LEVEL_3_1, 108'000, 3'600, 14'000'000},
    {V4L2_MPEG_VIDEO_H264_LEVEL_3_2, 216'000, 5'120, 20'000'000},
    {V4L2_MPEG_VIDEO_H264_LEVEL_4_0, 245'760, 8'192, 20'000'000},
    {V4L2_MPEG_VIDEO_H264_LEVEL_4_1, 245'760, 8'192, 50'000'000},
    {V4L2_MPEG_VIDEO_H264_LEVEL_4_2, 522'240, 8'704, 50'000'000},
    {V4L2_MPEG_VIDEO_H264_LEVEL_5_0, 589'824, 22'080, 135'000'000},
    {V4L2_MPEG_VIDEO_H264_LEVEL_5_1, 983'040, 36'864, 240'000'000},
}};

// For an encoder that cannot be asked for a keyframe: one each second or two, or nobody could join.
constexpr int PERIODIC_KEYFRAME = 60;

struct Control {
  uint32_t id;
  const char* name;
  int value;
};

bool has_control(const VideoDevice& device, uint32_t id) {
  v4l2_queryctrl query{};
  query.id = id;
  return device.attempt(IOCTL(VIDIOC_QUERYCTRL), &query) == 0 && (query.flags & V4L2_CTRL_FLAG_DISABLED) == 0;
}

}  // namespace

bool set_control(const VideoDevice& device, uint32_t id, int value) {
  v4l2_ext_control control{};
  control.id = id;
  control.value = value;
  v4l2_ext_controls controls{};
  controls.which = V4L2_CTRL_WHICH_CUR_VAL;
  controls.count = 1;
  controls.controls = &control;
  return device.attempt(IOCTL(VIDIOC_S_EXT_CTRLS), &controls) == 0;
}

// The end that makes the range wider first: drivers may refuse one whose finest is coarser than its coarsest.
bool set_quantizers(const VideoDevice& device, const QuantizerRange& quantizers) {
  const std::array ends{
      Control{V4L2_CID_MPEG_VIDEO_H264_MIN_QP, "finest quantizer", quantizers.finest},
      Control{V4L2_CID_MPEG_VIDEO_H264_MAX_QP, "coarsest quantizer", quantizers.coarsest},
  };
  v4l2_control coarsest{};
  coarsest.id = V4L2_CID_MPEG_VIDEO_H264_MAX_QP;
  const bool upwards = device.attempt(IOCTL(VIDIOC_G_CTRL), &coarsest) == 0 && coarsest.value < quantizers.finest;
  const Control& first = ends[upwards ? 1 : 0];
  const Control& second = ends[upwards ? 0 : 1];
  const bool widened = set_control(device, first.id, first.value);
  return set_control(device, second.id, second.value) && widened;
}

int level_for(const M2mSettings& settings) {
  const int64_t macroblocks = int64_t{(settings.width + 15) / 16} * ((settings.height + 15) / 16);
  const double per_second = static_cast<double>(macroblocks) * settings.rate.frame_rate;
  for (const Level& level : LEVELS) {
    const bool fits = macroblocks <= level.macroblocks && settings.rate.bitrate_bps <= level.bitrate_bps &&
                      per_second <= static_cast<double>(level.macroblocks_per_second);
    if (fits) return level.value;
  }
  return LEVELS.back().value;
}

std::vector<std::string> set_controls(const VideoDevice& device, const M2mSettings& settings) {
  const bool keyframe_on_demand = has_control(device, V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME);
  const std::array controls{
      // A screen is still most of the time: the bits belong to its changes, so variable.
      Control{V4L2_CID_MPEG_VIDEO_BITRATE_MODE, "bitrate mode", V4L2_MPEG_VIDEO_BITRATE_MODE_VBR},
      Control{V4L2_CID_MPEG_VIDEO_BITRATE, "bitrate", settings.rate.bitrate_bps},
      Control{V4L2_CID_MPEG_VIDEO_H264_PROFILE, "profile", V4L2_MPEG_VIDEO_H264_PROFILE_CONSTRAINED_BASELINE},
      Control{V4L2_CID_MPEG_VIDEO_H264_LEVEL, "level", level_for(settings)},
      // 0: on demand only.
      Control{V4L2_CID_MPEG_VIDEO_H264_I_PERIOD, "I period", keyframe_on_demand ? 0 : PERIODIC_KEYFRAME},
      Control{V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER, "repeated headers", 1},
      Control{V4L2_CID_MPEG_VIDEO_HEADER_MODE, "header mode", V4L2_MPEG_VIDEO_HEADER_MODE_JOINED_WITH_1ST_FRAME},
  };
  std::vector<std::string> missing;
  if (!keyframe_on_demand) missing.emplace_back("keyframe on demand");
  for (const Control& control : controls) {
    if (!set_control(device, control.id, control.value)) missing.emplace_back(control.name);
  }
  if (!set_quantizers(device, settings.rate.quantizers)) missing.emplace_back("quantizers");
  return missing;
}

}  // namespace mykvm
