#include "block/block_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "block/block_appender.h"
#include "block/block_rollup.h"
#include "block/block_tables.h"
#include "block/column_plan.h"
#include "block/dictionary_writer.h"
#include "block/footer.h"
#include "block/merged_input.h"
#include "block/page_writer.h"
#include "block/span_order.h"
#include "block/trace_sections.h"
#include "block/trace_table_builder.h"

namespace spoor {
namespace {

using block_layout::Section;

class Writer {
 public:
  Writer(File& file, const BlockInput& input)
      : appender_(file), block_(input), input_(input.batches), plan_(input_), order_(OrderSpans(input.batches)) {}

  Result<BlockInfo> Write() {
    traces_ = AssembleTraces(input_.batches, order_);
    RETURN_IF_ERROR(CheckSizes());
    if (block_.rollup != nullptr) CountBlock(input_.batches, order_, traces_, *block_.rollup);
    MakeInfo();
    RETURN_IF_ERROR(appender_.AppendHead());
    // Tables first, while strings are still ids.
    ByteWriter resources, scopes, shapes, operations;
    WriteEntities(input_.resources, resources);
    WriteEntities(input_.scopes, scopes);
    WriteShapes(shapes);
    WriteOperations(operations);
    input_.TranslateStrings(plan_.code_of_id);

    RETURN_IF_ERROR(AppendPages());
    RETURN_IF_ERROR(AppendDictionary());
    RETURN_IF_ERROR(AppendRequired(Section::kShapes, shapes));
    RETURN_IF_ERROR(AppendRequired(Section::kResources, resources));
    RETURN_IF_ERROR(AppendRequired(Section::kScopes, scopes));
    RETURN_IF_ERROR(AppendColumns());
    RETURN_IF_ERROR(AppendTraceSections(traces_.table, page_begin_, appender_));
    RETURN_IF_ERROR(AppendRequired(Section::kOperations, operations));
    ByteWriter info;
    EncodeInfo(info_, info);
    RETURN_IF_ERROR(AppendRequired(Section::kInfo, info));
    RETURN_IF_ERROR(appender_.AppendFooter());
    info_.file_bytes = appender_.offset();
    return info_;
  }

 private:
  Status AppendRequired(Section type, const ByteWriter& section) { return appender_.AppendRequired(type, section); }

  // What a reader would refuse to believe must not be written.
  Status CheckSizes() const {
    size_t operation_name_bytes = 0;
    for (const OperationKey& key : input_.operations) operation_name_bytes += input_.strings.text(key.name).size();
    if (order_.rows.size() > block_layout::kSpansMax ||
        order_.trace_begin.size() - 1 > std::min(block_.traces_max, block_layout::kTracesMax) ||
        input_.strings.size() > block_layout::kStringsMax || input_.shapes.size() > block_layout::kEntitiesMax ||
        input_.shapes.field_count() > block_layout::kCellsMax ||
        std::max(input_.resources.entities.size(), input_.scopes.entities.size()) > block_layout::kEntitiesMax ||
        std::max(input_.resources.cells.size(), input_.scopes.cells.size()) > block_layout::kCellsMax ||
        input_.operations.size() > block_layout::kEntitiesMax ||
        std::max(traces_.table.texts.bytes.size(), operation_name_bytes) > block_layout::kTableTextBytesMax) {
      return TooLarge("the spans are too many or too different for one block");
    }
    return {};
  }

  void MakeInfo() {
    const TraceTable& table = traces_.table;
    info_ = {.id = block_.id,
             .span_count = static_cast<uint32_t>(order_.rows.size()),
             .trace_count = table.size(),
             .start_min_ns = table.start_ns.front(),
             .trace_start_max_ns = table.start_ns.back(),
             .arrival_min_ns = block_.arrival_min_ns,
             .arrival_max_ns = block_.arrival_max_ns,
             .wal_first_sequence = block_.wal_first_sequence,
             .wal_last_sequence = block_.wal_last_sequence};
  }

  void WriteEntities(const EntityTable& table, ByteWriter& out) const {
    EntityColumns columns;
    const auto code = [&](uint64_t id) { return plan_.code_of_id[id]; };
    columns.cells = table.cells;
    for (size_t i = 0; i < table.entities.size(); ++i) {
      const Entity& entity = table.entities[i];
      columns.name.push_back(code(entity.name));
      columns.version.push_back(code(entity.version));
      columns.schema_url.push_back(code(entity.schema_url));
      columns.dropped_attributes.push_back(entity.dropped_attributes);
      columns.shape.push_back(entity.shape);
      for (uint32_t field = input_.shapes.begin(entity.shape); field < input_.shapes.begin(entity.shape + 1); ++field) {
        uint64_t& cell = columns.cells[table.cell_begin[i] + field - input_.shapes.begin(entity.shape)];
        if (IsCode(input_.shapes.type(field))) cell = code(cell);
      }
    }
    EncodeEntities(columns, out);
  }

  void WriteShapes(ByteWriter& out) const {
    ShapeTable shapes;
    for (uint32_t field = 0; field < input_.shapes.field_count(); ++field) {
      // Keys of shapes that nothing has are not in the dictionary.
      const uint32_t code = plan_.code_of_id[input_.shapes.key(field)];
      shapes.keys.push_back(code == ColumnPlan::kNoCode ? 0 : code);
      shapes.types.push_back(input_.shapes.type(field));
    }
    for (uint32_t shape = 0; shape < input_.shapes.size(); ++shape)
      shapes.begin.push_back(input_.shapes.begin(shape + 1));
    EncodeShapes(shapes, out);
  }

  void WriteOperations(ByteWriter& out) const {
    std::vector<BlockOperation> operations;
    for (const OperationKey& key : input_.operations) {
      operations.push_back(
          {std::string(input_.strings.text(key.service)), std::string(input_.strings.text(key.name)), key.kind});
    }
    std::ranges::sort(operations, {}, [](const BlockOperation& o) { return std::tie(o.service, o.name, o.kind); });
    EncodeOperations(operations, out);
  }

  Status AppendPages() {
    const PageInput input = MakePageInput(input_, plan_);
    PageWriter pages(appender_, input, order_, traces_);
    while (pages.next_row() < order_.rows.size()) RETURN_IF_ERROR(pages.WriteNext());
    info_.start_max_ns = pages.start_max_ns();
    page_begin_.assign(pages.page_begin().begin(), pages.page_begin().end());
    return pages.Finish();
  }

  Status AppendDictionary() {
    DictionaryWriter dictionary(appender_);
    for (uint32_t code = 0; code < plan_.id_of_code.size(); ++code) {
      RETURN_IF_ERROR(dictionary.Add(input_.strings.text(plan_.id_of_code[code]), code < plan_.text_count));
    }
    RETURN_IF_ERROR(dictionary.Finish());
    return dictionary.AppendIndex();
  }

  Status AppendColumns() {
    ColumnTable columns;
    for (size_t i = 0; i < kTextColumns.size(); ++i) {
      if (!input_.uses.uses()[i].raw) continue;
      columns.raw_fixed_columns |= uint64_t{1} << static_cast<uint32_t>(kTextColumns[i]);
    }
    columns.attributes = plan_.columns;
    ByteWriter section;
    EncodeColumns(columns, section);
    return AppendRequired(Section::kColumns, section);
  }

  BlockAppender appender_;
  const BlockInput& block_;
  MergedInput input_;
  ColumnPlan plan_;
  SpanOrder order_;
  AssembledTraces traces_;
  BlockInfo info_;
  std::vector<uint32_t> page_begin_;
};

Result<BlockInfo> WriteFile(FileSystem& files, const std::string& path, const BlockInput& input) {
  // What a crash left behind.
  if (Status removed = files.Remove(path); !removed && removed.error().code != Code::kNotFound) return removed.error();
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(path, OpenMode::kCreateNew));
  ASSIGN_OR_RETURN(BlockInfo info, Writer(*file, input).Write());
  RETURN_IF_ERROR(file->Sync());
  return info;
}

}  // namespace

Result<BlockInfo> WriteBlock(FileSystem& files, const std::string& folder, const BlockInput& input) {
  const std::string path = fmt::format("{}/{:020}.block", folder, input.id);
  const std::string temporary = path + ".tmp";
  Result<BlockInfo> info = WriteFile(files, temporary, input);
  Status status;
  if (!info) {
    status = info.error();
  } else {
    status = files.Rename(temporary, path);
  }
  if (!status) {
    // The error is the first one, whether or not the rest can be removed.
    static_cast<void>(files.Remove(temporary));
    return status.error().Within("write block");
  }
  RETURN_IF_ERROR(files.SyncFolder(folder));
  return info;
}

}  // namespace spoor
