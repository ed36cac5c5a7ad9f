// Ports of this machine, before a program is told to listen on them.
#pragma once

#include <cstdint>

namespace spoor::learn {

// Whether somebody could listen on this port of 127.0.0.1 now. 0 is always free. What is taken a moment later the
// program itself has to tell.
bool IsPortFree(uint16_t port);

// Whether somebody listens on this port of 127.0.0.1.
bool IsPortListening(uint16_t port);

}  // namespace spoor::learn
