// `spoor serve`: the whole server, from its first file to its last answer.
#pragma once

#include "app/config.h"
#include "base/result.h"

namespace spoor {

// Blocks the signals that Serve waits for, in this thread and all that it starts. Before any other thread.
void BlockSignals();

// Runs until SIGTERM or SIGINT, then answers what is under way and makes it durable. An error: it could not start, and
// nothing was logged but what recovery found; the message is one sentence that says what to do.
Status Serve(const Config& config);

}  // namespace spoor
