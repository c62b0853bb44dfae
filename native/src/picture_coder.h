#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "access_unit.h"
#include "rate_settings.h"
#include "video_source.h"

namespace mykvm {

// What a coder needs of its pipeline.
class CoderHost {
 public:
  // No room: pictures are dropped before they are coded. `pending` are those being coded now.
  virtual bool full(size_t pending) const = 0;
  // Takes a coded picture; gives it its number.
  virtual void deliver(AccessUnit unit) = 0;
  virtual void count_unchanged() = 0;
  virtual void count_dropped() = 0;
  virtual void count_copied() = 0;
  // A picture that turned out to be broken when it was decoded.
  virtual void count_damaged() = 0;
  // One sentence for the log.
  virtual void notice(const std::string& sentence) = 0;

 protected:
  ~CoderHost() = default;
};

// Decides which pictures are coded and when, and codes them. Used by the pipeline's thread alone. Methods throw
// CodedError when the encoder fails.
class PictureCoder {
 public:
  virtual ~PictureCoder() = default;

  // What it codes from, the best first.
  virtual std::vector<uint32_t> fourccs() = 0;
  // Whether it would rather have pictures in memory that another device can read.
  virtual bool shares_memory() const = 0;
  // Takes a picture of the source, which it gives back by itself.
  virtual void take(const RawPicture& picture) = 0;
  // The source's mode ends: finishes what is under way, lets go of all pictures, and begins the next mode with a keyframe.
  virtual void forget() = 0;
  // Codes what is due. Returns when to call it again: 0 at once, NEVER only when something new has come.
  virtual int64_t step() = 0;
  virtual Watched watched() const = 0;

  virtual void request_keyframe() = 0;
  virtual void set_bitrate(int bitrate_bps) = 0;
  virtual void set_frame_rate(double frame_rate) = 0;
  virtual void set_quantizers(const QuantizerRange& quantizers) = 0;
};

}  // namespace mykvm
