#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "raw_picture.h"

namespace mykvm {

enum class SignalState { OK, NO_DEVICE, NO_CABLE, NO_SIGNAL, NO_SYNC, UNSUPPORTED_TIMINGS };

// What a source sees on its input; all but the state is 0 without a signal.
struct Signal {
  SignalState state = SignalState::NO_DEVICE;
  int width = 0;
  int height = 0;
  double frame_rate = 0;

  bool operator==(const Signal& other) const {
    return state == other.state && width == other.width && height == other.height && frame_rate == other.frame_rate;
  }
};

// What a source counts by itself.
struct SourceCounts {
  uint32_t captured = 0;
  // Pictures that the driver marked as broken, and pictures that it had no buffer for.
  uint32_t damaged = 0;
  uint32_t missed = 0;
};

// A descriptor to wait for; -1 for none.
struct Watched {
  int fd = -1;
  short events = 0;
};

constexpr int64_t NEVER = -1;

// Where pictures come from. Used by the pipeline's thread alone, except for construction. Methods throw CodedError when
// the source is lost for good.
class VideoSource {
 public:
  virtual ~VideoSource() = default;

  // Called once, before the others. `fourccs` are what the encoder takes, the best first. `shared`: memory that another
  // device can read is preferred.
  virtual void open(const std::vector<uint32_t>& fourccs, bool shared) = 0;
  // Looks at what came with `revents` of poll(). True: all pictures become invalid; let go of them, then call rebuild().
  virtual bool attend(short revents) = 0;
  virtual void rebuild() = 0;
  // The newest picture that nobody has taken yet; older ones are dropped.
  virtual std::optional<RawPicture> take() = 0;
  virtual void give_back(const RawPicture& picture) = 0;

  // Of the picture that was taken last.
  virtual const RawFormat& format() const = 0;
  virtual const uint8_t* bytes(unsigned slot) = 0;
  // How many slots there are, how long each one's memory is, and its descriptor for another device; -1 when there is none.
  virtual unsigned slots() const = 0;
  virtual size_t length(unsigned slot) const = 0;
  virtual int dmabuf(unsigned slot) = 0;

  virtual Watched watched() const = 0;
  // When attend() wants to be called without any event; NEVER.
  virtual int64_t due_us() const = 0;
  // One sentence for the log, given once.
  virtual std::optional<std::string> take_notice() = 0;
  // Empty for a source that has no input.
  virtual std::optional<Signal> signal() const = 0;
  virtual SourceCounts counts() const = 0;
};

}  // namespace mykvm
