#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "access_unit.h"
#include "coded_error.h"
#include "frame_buffer.h"
#include "i420_picture.h"
#include "rate_control.h"
#include "rate_limit.h"
#include "repeat_schedule.h"
#include "software_encoder.h"
#include "wake_event.h"

namespace mykvm {

struct PipelineSettings {
  std::shared_ptr<FrameBuffer> source;
  int bitrate_bps;
  double frame_rate;
};

struct PipelineCounts {
  uint32_t captured = 0;
  uint32_t unchanged = 0;
  uint32_t coded = 0;
  uint32_t dropped = 0;
};

// Source → encoder → access units, in a thread of its own. Knows nothing of JavaScript: `notify` is called in that
// thread whenever take_unit() or failure() has something new, and must not wait.
class Pipeline {
 public:
  // Access units that wait to be taken; when there are more, pictures are dropped before they are coded.
  static constexpr size_t QUEUE_LIMIT = 4;

  // Throws CodedError when the source has a reader already.
  Pipeline(const PipelineSettings& settings, void (*notify)(void*), void* context);
  // Ends the thread; no `notify` after it.
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // From any thread.
  void request_keyframe();
  void set_bitrate(int bitrate_bps);
  void set_frame_rate(double frame_rate);
  PipelineCounts counts() const;
  std::optional<AccessUnit> take_unit();
  // Why the thread ended by itself; empty while it runs.
  std::optional<CodedError> failure() const;

 private:
  // Shared with other threads, under mutex_.
  struct Wishes {
    bool stop = false;
    bool keyframe = false;
    std::optional<int> bitrate_bps;
    std::optional<double> frame_rate;
  };

  void run();
  void loop();
  bool heed_wishes();
  void take_picture();
  int64_t step();
  void code_newest();
  void code_again();
  void open_encoder();
  void code(PictureKind kind, int work, int64_t timestamp_us, int64_t spent_us);
  bool queue_full() const;
  void count(uint32_t PipelineCounts::*which);

  const std::shared_ptr<FrameBuffer> source_;
  void (*const notify_)(void*);
  void* const context_;
  const std::shared_ptr<WakeEvent> wake_ = std::make_shared<WakeEvent>();

  mutable std::mutex mutex_;
  Wishes wishes_;
  PipelineCounts counts_;
  std::deque<AccessUnit> queue_;
  std::optional<CodedError> failure_;

  // Of the thread alone.
  int bitrate_bps_;
  double frame_rate_;
  RateLimit limit_;
  RateControl control_;
  RepeatSchedule repeats_;
  std::unique_ptr<SoftwareEncoder> encoder_;
  I420Picture last_;
  I420Picture newest_;
  bool has_last_ = false;
  bool has_newest_ = false;
  bool keyframe_needed_ = false;
  int64_t newest_timestamp_us_ = 0;
  int64_t newest_spent_us_ = 0;
  int64_t last_timestamp_us_ = 0;
  uint32_t number_ = 0;

  std::thread thread_;
};

}  // namespace mykvm
