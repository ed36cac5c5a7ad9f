// Saying what the library has to say about itself.
#pragma once

#include <atomic>
#include <string>

#include "api/diagnostics.h"

namespace spoor::trace {

void Diagnose(DiagnosticLevel level, const std::string& message) noexcept;

// What is said the first time only, as it would else be said with each span.
class DiagnoseOnce {
 public:
  template <class MakeMessage>
  void operator()(DiagnosticLevel level, const MakeMessage& make_message) noexcept {
    if (!said_.load(std::memory_order_relaxed) && !said_.exchange(true, std::memory_order_relaxed)) {
      Diagnose(level, make_message());
    }
  }

 private:
  std::atomic<bool> said_{false};
};

}  // namespace spoor::trace
