#include "rate_control.h"

#include <algorithm>
#include <cmath>

namespace mykvm {

namespace {

// How far the bucket may fill, in seconds of the bit rate: what a picture may wait behind others on a link of just this
// rate. A keyframe may take more, else it is unreadable.
constexpr double KEYFRAME_DEPTH_S = 0.4;
constexpr double CHANGED_DEPTH_S = 0.12;
constexpr double REPEAT_DEPTH_S = 0.25;
// A changed picture takes half of what is left: the next one comes soon.
constexpr double CHANGED_SHARE = 0.5;
// Beyond this, changed pictures wait: fewer of them, but no lag that grows. More than a keyframe fills.
constexpr double WAIT_DEPTH_S = 0.45;
// After an oversized picture, better a late recovery than none.
constexpr double LARGEST_BACKLOG_S = 1;
// A keyframe stays finer than what may follow it: without a reference, its faults are worse.
constexpr int KEYFRAME_MARGIN = 4;
constexpr int SMALLEST_REFINEMENT = 3;
// Slice header and runs of skipped macroblocks: no part of the cost of changed ones.
constexpr double OVERHEAD_BITS = 400;

double scale(int quantizer) { return std::exp2(-quantizer / 6.0); }

}  // namespace

void RateControl::set_quantizers(const QuantizerRange& quantizers) {
  // A picture that was as fine as it could be now is not: all of it.
  if (quantizers.finest < finest() && !coarse()) shown_bits_ = picture_work_ * keyframe_cost_;
  settings_.quantizers = quantizers;
}

int RateControl::quantizer_for(double bits_at_zero, double target_bits, int coarsest) const {
  const double exact = 6 * std::log2(std::max(1.0, bits_at_zero / target_bits));
  return std::clamp(static_cast<int>(std::ceil(exact)), finest(), coarsest);
}

int RateControl::choose(PictureKind kind, double work, int64_t now_us) {
  const double bitrate_bps = settings_.bitrate_bps;
  const double passed_s = static_cast<double>(now_us - now_us_) / 1e6;
  backlog_bits_ = std::clamp(backlog_bits_ - passed_s * bitrate_bps, 0.0, LARGEST_BACKLOG_S * bitrate_bps);
  now_us_ = now_us;
  kind_ = kind;
  work_ = work;
  if (kind == PictureKind::KEYFRAME) picture_work_ = work;
  if (kind == PictureKind::REPEAT) return quantizer_ = refine();
  const bool keyframe = kind == PictureKind::KEYFRAME;
  const double left_bits = (keyframe ? KEYFRAME_DEPTH_S : CHANGED_DEPTH_S) * bitrate_bps - backlog_bits_;
  const double fair_bits = bitrate_bps / settings_.frame_rate;
  const double target_bits = keyframe ? std::max(left_bits, KEYFRAME_DEPTH_S / 2 * bitrate_bps)
                                      : std::max(left_bits * CHANGED_SHARE, fair_bits / 2);
  const double bits_at_zero = work * (keyframe ? keyframe_cost_ : changed_cost_);
  const int coarsest = settings_.quantizers.coarsest;
  quantizer_ = quantizer_for(bits_at_zero, target_bits, keyframe ? std::max(finest(), coarsest - KEYFRAME_MARGIN) : coarsest);
  return quantizer_;
}

int64_t RateControl::due_us() const {
  const double excess_bits = backlog_bits_ - WAIT_DEPTH_S * settings_.bitrate_bps;
  return excess_bits <= 0 ? 0 : now_us_ + static_cast<int64_t>(excess_bits / settings_.bitrate_bps * 1e6);
}

// Coding the same picture again costs what the finer one would have cost, less what the coarser one did.
double RateControl::refinement_bits(int quantizer) const {
  return shown_bits_ * (scale(quantizer) - scale(shown_quantizer_));
}

int RateControl::refine() const {
  const double left_bits = REPEAT_DEPTH_S * settings_.bitrate_bps - backlog_bits_;
  int quantizer = finest();
  while (quantizer < shown_quantizer_ && refinement_bits(quantizer) * refinement_share_ > left_bits) quantizer++;
  // A step that nobody sees is not worth a picture while waiting allows a larger one.
  const bool visible = quantizer == finest() || quantizer <= shown_quantizer_ - SMALLEST_REFINEMENT;
  const bool worthwhile = visible || (backlog_bits_ <= 0 && quantizer < shown_quantizer_);
  return coarse() && worthwhile ? quantizer : SKIP_QUANTIZER;
}

void RateControl::coded(size_t bytes) {
  const double bits = static_cast<double>(bytes) * 8;
  backlog_bits_ += bits;
  if (kind_ != PictureKind::REPEAT) {
    show_changed(bits);
    return;
  }
  if (quantizer_ == SKIP_QUANTIZER) return;
  const double share = std::max(0.0, bits - OVERHEAD_BITS) / std::max(1.0, refinement_bits(quantizer_));
  refinement_share_ = std::clamp((refinement_share_ + share) / 2, 0.1, 2.0);
  shown_quantizer_ = quantizer_;
  if (!coarse()) shown_bits_ = 0;
}

void RateControl::show_changed(double bits) {
  const bool keyframe = kind_ == PictureKind::KEYFRAME;
  double& cost = keyframe ? keyframe_cost_ : changed_cost_;
  const double bits_at_zero = std::max(0.0, bits - OVERHEAD_BITS) / scale(quantizer_);
  const double measured = bits_at_zero / std::max(1.0, work_);
  // Dearer than expected is believed at once, cheaper by halves: bursts hurt more than a coarse picture.
  cost = std::max(1.0, measured > cost ? measured : (measured + cost) / 2);
  // What did not change is as coarse as before. One repeat at the finest quantizer is always owed: motion compensation
  // leaves errors that the quantizer does not tell of.
  const double replaced = std::min(1.0, work_ / picture_work_);
  constexpr double NEARLY_ALL = 0.9;
  const int rest_quantizer = replaced > NEARLY_ALL ? finest() : shown_quantizer_;
  shown_quantizer_ = std::max({quantizer_, rest_quantizer, finest() + 1});
  shown_bits_ = shown_bits_ * (1 - replaced) + bits_at_zero;
}

}  // namespace mykvm
