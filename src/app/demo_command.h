// `spoor demo`: three traced services and a trickle of traffic, to see what Spoor shows.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "learn/demo/demo.h"

namespace spoor {

struct DemoLine {
  bool wants_help = false;
  bool wants_logs = false;  // that all that the services write be shown
  learn::DemoPlan plan;     // without its programs' folder; without a data folder where a temporary one is wanted
  std::string query_url = "http://127.0.0.1:16686";  // where Spoor shows what comes in
};

// `words`: what stands behind `demo`. kInvalid, in one sentence, where they make no sense.
Result<DemoLine> ReadDemoLine(std::vector<std::string> words);

std::string DemoHelpText();

// Runs until SIGTERM or SIGINT. The exit code: 1 where a service could not start or ended, 2 where the words make no
// sense.
int RunDemo(std::vector<std::string> words);

}  // namespace spoor
