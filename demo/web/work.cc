#include "web/work.h"

#include <random>

#include "web/settings.h"
#include "web/stopping.h"

namespace web {
namespace {

std::mt19937& Generator() {
  static thread_local std::mt19937 generator{std::random_device{}()};
  return generator;
}

}  // namespace

std::chrono::microseconds WorkTime(std::chrono::milliseconds shortest, std::chrono::milliseconds longest) {
  static const double scale = NumberVariable("DELAY_SCALE", 1, 1000);
  std::uniform_real_distribution<double> milliseconds(static_cast<double>(shortest.count()),
                                                      static_cast<double>(longest.count()));
  return std::chrono::microseconds(static_cast<long>(milliseconds(Generator()) * 1000 * scale));
}

void Work(std::chrono::milliseconds shortest, std::chrono::milliseconds longest) {
  WaitFor(WorkTime(shortest, longest));
}

bool Chance(double probability) { return std::bernoulli_distribution(probability)(Generator()); }

}  // namespace web
