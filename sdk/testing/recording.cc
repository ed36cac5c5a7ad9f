#include "testing/recording.h"

#include <mutex>

#include "api/diagnostics.h"

namespace spoor::trace::testing {
namespace {

std::mutex mutex;
std::string* messages = new std::string;

void Keep(DiagnosticLevel, std::string_view message) {
  const std::lock_guard lock(mutex);
  *messages += std::string(message) + "\n";
}

}  // namespace

Diagnostics::Diagnostics() {
  const std::lock_guard lock(mutex);
  messages->clear();
  SetDiagnosticHandler(Keep);
}

Diagnostics::~Diagnostics() { SetDiagnosticHandler(nullptr); }

std::string Diagnostics::text() const {
  const std::lock_guard lock(mutex);
  return *messages;
}

}  // namespace spoor::trace::testing
