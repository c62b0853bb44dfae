#pragma once

#include <cstddef>
#include <cstdint>

#include "rate_settings.h"

namespace mykvm {

enum class PictureKind { KEYFRAME, CHANGED, REPEAT };

// Chooses the quantizer of each picture so that the stream stays within a bit rate whatever the pace of the pictures: a
// screen changes in bursts, and libopenh264's own control counts pictures instead of time, steps at most 3 and so needs
// seconds to sharpen. The model is a bucket that drains at the bit rate, and bits = work * cost * 2^(-quantizer / 6).
class RateControl {
 public:
  // At this one a repeat of the same picture has no residual at all: a few dozen bytes. Whatever the range of the others.
  static constexpr int SKIP_QUANTIZER = 51;

  explicit RateControl(const RateSettings& settings) : settings_(settings), shown_quantizer_(settings.quantizers.finest) {}

  void set_bitrate(int bitrate_bps) { settings_.bitrate_bps = bitrate_bps; }
  void set_frame_rate(double frame_rate) { settings_.frame_rate = frame_rate; }
  // A still picture ends with the finest one.
  void set_quantizers(const QuantizerRange& quantizers);
  // A new picture size: what was learned of the old one does not hold.
  void reset() { *this = RateControl(settings_); }

  // The quantizer for a picture at `now_us`. `work` is how many macroblocks change (all of a keyframe; ignored for a
  // repeat, which refines what was coded last).
  int choose(PictureKind kind, double work, int64_t now_us);
  // When the next changed picture may be coded: now, unless pictures at the coarsest quantizer have outrun the bit rate.
  int64_t due_us() const;
  // What the picture of the last choose() became.
  void coded(size_t bytes);

  // Whether a repeat would still make the picture sharper.
  bool coarse() const { return shown_quantizer_ > finest(); }

 private:
  int finest() const { return settings_.quantizers.finest; }
  int quantizer_for(double bits_at_zero, double target_bits, int coarsest) const;
  double refinement_bits(int quantizer) const;
  int refine() const;
  void show_changed(double bits);

  RateSettings settings_;
  int64_t now_us_ = 0;
  double backlog_bits_ = 0;
  // Learned bits a macroblock at quantizer 0. The first values are of desktop pictures.
  double keyframe_cost_ = 5000;
  double changed_cost_ = 3000;
  // Learned share of the expected bits that a refinement really takes.
  double refinement_share_ = 0.5;

  // Of the last choose().
  PictureKind kind_ = PictureKind::KEYFRAME;
  int quantizer_ = 0;
  double work_ = 0;
  double picture_work_ = 1;
  // What the receiver sees: its coarsest quantizer, and the bits that the parts coarser than the finest would take at
  // quantizer 0.
  int shown_quantizer_;
  double shown_bits_ = 0;
};

}  // namespace mykvm
