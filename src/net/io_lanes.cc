#include "net/io_lanes.h"

#include <pthread.h>

#include <algorithm>

namespace spoor {

IoThreads::IoThreads(int threads) : impl_(std::make_unique<Impl>()) {
  for (int i = 0; i < std::max(threads, 1); ++i) {
    auto lane = std::make_unique<IoLane>();
    lane->thread = std::thread([&context = lane->context, i] {
      pthread_setname_np(pthread_self(), ("io-" + std::to_string(i)).c_str());
      context.run();
    });
    impl_->lanes.push_back(std::move(lane));
  }
}

IoThreads::~IoThreads() {
  for (const auto& lane : impl_->lanes) lane->context.stop();
  for (const auto& lane : impl_->lanes) lane->thread.join();
  // What was cancelled last can still hold objects of other lanes, which must not outlive theirs: it ends here.
  size_t ran = 1;
  while (ran > 0) {
    ran = 0;
    for (const auto& lane : impl_->lanes) {
      lane->context.restart();
      ran += lane->context.poll();
    }
  }
}

}  // namespace spoor
