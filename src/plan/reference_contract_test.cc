// The naive store keeps the contract of every store; that also shows that the contract's tests are right.
#include "plan/contract/trace_store_contract.h"
#include "plan/reference_store.h"

namespace spoor::contract {
namespace {

class Reference final : public StoreInState {
 public:
  SpanSink& sink() override { return store_; }
  TraceStore& store() override { return store_; }

 private:
  ReferenceStore store_;
};

INSTANTIATE_TEST_SUITE_P(ReferenceStore, TraceStoreContract,
                         ::testing::Values(Driver{"Live", [] { return std::make_unique<Reference>(); }}), DriverName);

}  // namespace
}  // namespace spoor::contract
