// Made-up work: time that passes as in a real service, so that a trace is worth reading.
#pragma once

#include <chrono>

namespace web {

// A length of time between the two, by chance, times the variable DELAY_SCALE (1 by default; 0: none at all).
std::chrono::microseconds WorkTime(std::chrono::milliseconds shortest, std::chrono::milliseconds longest);

// Works for that long, which here means: waits.
void Work(std::chrono::milliseconds shortest, std::chrono::milliseconds longest);

// True with that probability, from 0 to 1.
bool Chance(double probability);

}  // namespace web
