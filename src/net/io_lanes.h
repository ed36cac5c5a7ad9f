// What IoThreads is made of: lanes, each a thread with an event loop of its own. Whatever belongs to a connection runs
// on the lane that the connection was given, so that it needs no locks.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "net/http_server.h"

namespace spoor {

struct IoLane {
  // Read into by a connection, and used up before it waits for anything: shared by all of the lane, since only one of
  // them runs at a time. So a connection that waits holds no buffer.
  static constexpr size_t kScratchBytes = size_t{128} << 10;

  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
  std::unique_ptr<char[]> scratch = std::make_unique_for_overwrite<char[]>(kScratchBytes);
  std::thread thread;
};

struct IoThreads::Impl {
  std::vector<std::unique_ptr<IoLane>> lanes;  // at least one
  std::atomic<size_t> next{0};

  // Where the next connection goes.
  size_t NextLane() { return next.fetch_add(1, std::memory_order_relaxed) % lanes.size(); }
};

}  // namespace spoor
