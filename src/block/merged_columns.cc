#include "block/merged_columns.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace spoor {
namespace {

using block_layout::AttributeColumn;
using block_layout::FixedColumn;

constexpr std::array kShapeColumns = {FixedColumn::kShape, FixedColumn::kEventShape, FixedColumn::kLinkShape};

// A key and type of an owner's attributes.
struct Key {
  size_t owner = 0;
  uint32_t key = 0;  // code
  ValueType type = ValueType::kEmpty;
  auto operator<=>(const Key&) const = default;
};

// What is known of it.
struct Use {
  bool has_column = false;  // of its own, in some source
  bool is_raw = false;      // in some source
  uint64_t cells = 0;       // counted only where it has no column
};

class Columns {
 public:
  Columns(MergeSources sources, std::vector<std::vector<uint32_t>> codes) : sources_(sources) {
    merged_.ids.resize(sources.size());
    for (size_t i = 0; i < sources.size(); ++i) merged_.ids[i].strings = std::move(codes[i]);
  }

  Result<MergedColumns> Run() {
    for (size_t source = 0; source < sources_.size(); ++source) {
      MergeShapes(source);
      const BlockTables& tables = sources_[source]->tables();
      merged_.ids[source].resources = MergeEntities(source, tables.resources, merged_.resources);
      merged_.ids[source].scopes = MergeEntities(source, tables.scopes, merged_.scopes);
      NoteUses(source);
    }
    RETURN_IF_ERROR(ReadDirectories());
    MakeColumns();
    for (size_t source = 0; source < sources_.size(); ++source) MakeRawTargets(source);
    return std::move(merged_);
  }

 private:
  void MergeShapes(size_t source) {
    const ShapeTable& shapes = sources_[source]->tables().shapes;
    MergedInput::BatchIds& ids = merged_.ids[source];
    std::vector<uint32_t> keys;
    for (uint32_t shape = 0; shape < shapes.size(); ++shape) {
      keys.clear();
      for (uint32_t field = shapes.begin[shape]; field < shapes.begin[shape + 1]; ++field) {
        keys.push_back(ids.strings[shapes.keys[field]]);
      }
      ids.shapes.push_back(merged_.shapes.Add(keys, std::span(shapes.types).subspan(shapes.begin[shape], keys.size())));
    }
  }

  std::vector<uint32_t> MergeEntities(size_t source, const EntityColumns& entities, EntityTable& table) const {
    const ShapeTable& shapes = sources_[source]->tables().shapes;
    const MergedInput::BatchIds& ids = merged_.ids[source];
    std::vector<uint32_t> numbers;
    for (uint32_t i = 0; i < entities.size(); ++i) {
      const Entity entity{.name = ids.strings[entities.name[i]],
                          .version = ids.strings[entities.version[i]],
                          .schema_url = ids.strings[entities.schema_url[i]],
                          .dropped_attributes = entities.dropped_attributes[i],
                          .shape = ids.shapes[entities.shape[i]]};
      std::vector<uint64_t> cells(entities.cells.begin() + entities.cell_begin[i],
                                  entities.cells.begin() + entities.cell_begin[i + 1]);
      for (size_t field = 0; field < cells.size(); ++field) {
        if (IsCode(shapes.types[shapes.begin[entities.shape[i]] + field])) cells[field] = ids.strings[cells[field]];
      }
      numbers.push_back(table.Add(entity, cells));
    }
    return numbers;
  }

  Key KeyOf(size_t source, size_t owner, uint32_t field) const {
    const ShapeTable& shapes = sources_[source]->tables().shapes;
    return {owner, merged_.ids[source].strings[shapes.keys[field]], shapes.types[field]};
  }

  void NoteUses(size_t source) {
    const BlockTables& tables = sources_[source]->tables();
    for (size_t owner = 0; owner < kListOwners; ++owner) {
      for (uint32_t field = 0; field < tables.shapes.keys.size(); ++field) {
        const uint32_t number = tables.column_of_field[owner][field];
        if (number == BlockTables::kNoColumn) continue;
        const AttributeColumn& column = tables.columns.attributes[number];
        Use& use = uses_[KeyOf(source, owner, field)];
        // What is raw is so in a column of its own: others of a column for rare keys need not be.
        use.has_column |= column.key != AttributeColumn::kRareKeys || column.raw;
        use.is_raw |= column.raw;
      }
    }
    for (size_t i = 0; i < kTextColumns.size(); ++i) merged_.is_raw[i] |= tables.columns.is_raw(kTextColumns[i]);
  }

  Status ReadDirectories() {
    merged_.all_zero.fill(true);
    // Zero means the first one there, which may be another one here. (Of texts and shapes it is the empty one,
    // anywhere.)
    for (const FixedColumn column : {FixedColumn::kResource, FixedColumn::kScope}) {
      merged_.all_zero[static_cast<size_t>(column)] = false;
    }
    const bool has_rare = std::ranges::any_of(uses_, [](const auto& use) { return !use.second.has_column; });
    for (size_t source = 0; source < sources_.size(); ++source) {
      const uint32_t shape_max = sources_[source]->tables().shapes.size() - 1;
      std::array<std::vector<uint64_t>, kListOwners> lists;  // by owner and shape
      for (std::vector<uint64_t>& counts : lists) counts.resize(shape_max + 1);
      for (uint32_t page = 0; page < sources_[source]->page_count(); ++page) {
        ASSIGN_OR_RETURN(PageReader reader, sources_[source]->OpenPage(page));
        for (size_t column = 0; column < merged_.all_zero.size(); ++column) {
          if (reader.Find(static_cast<uint32_t>(column)) != nullptr) merged_.all_zero[column] = false;
        }
        for (size_t owner = 0; has_rare && owner < kListOwners; ++owner) {
          const StripEntry* strip = reader.Find(static_cast<uint32_t>(kShapeColumns[owner]));
          if (strip == nullptr) continue;  // all have shape 0, which has no fields
          std::vector<uint64_t> shapes(strip->count);
          RETURN_IF_ERROR(reader.NumbersAt(strip->column, 0, shape_max, shapes));
          for (const uint64_t shape : shapes) ++lists[owner][shape];
        }
      }
      if (has_rare) CountCells(source, lists);
    }
    return {};
  }

  void CountCells(size_t source, const std::array<std::vector<uint64_t>, kListOwners>& lists) {
    const BlockTables& tables = sources_[source]->tables();
    for (size_t owner = 0; owner < kListOwners; ++owner) {
      for (uint32_t shape = 0; shape < lists[owner].size(); ++shape) {
        if (lists[owner][shape] == 0) continue;
        for (uint32_t field = tables.shapes.begin[shape]; field < tables.shapes.begin[shape + 1]; ++field) {
          uses_[KeyOf(source, owner, field)].cells += lists[owner][shape];
        }
      }
    }
  }

  void MakeColumns() {
    const auto column_of = [](const Key& key, const Use& use) {
      const bool own = use.has_column || use.cells >= ColumnUses::kOwnColumnCellsMin;
      return AttributeColumn{.owner = kListOwnerOf[key.owner],
                             .type = key.type,
                             .raw = use.is_raw,
                             .key = own ? key.key : AttributeColumn::kRareKeys};
    };
    const auto order = [](const AttributeColumn& column) {
      return std::tuple(ListOwnerIndex(column.owner), column.key, column.type);
    };
    std::vector<AttributeColumn>& columns = merged_.columns.attributes;
    for (const auto& [key, use] : uses_) columns.push_back(column_of(key, use));
    std::ranges::sort(columns, {}, order);
    columns.erase(
        std::unique(columns.begin(), columns.end(), [&](const auto& a, const auto& b) { return order(a) == order(b); }),
        columns.end());
    for (size_t owner = 0; owner < kListOwners; ++owner) {
      std::vector<PageInput::Target>& targets = merged_.target_of_field[owner];
      targets.resize(merged_.shapes.field_count());
      for (uint32_t field = 0; field < targets.size(); ++field) {
        const Key key{owner, merged_.shapes.key(field), merged_.shapes.type(field)};
        const auto use = uses_.find(key);
        if (use == uses_.end()) continue;
        const auto at = std::ranges::lower_bound(columns, order(column_of(key, use->second)), {}, order);
        targets[field] = {static_cast<uint32_t>(at - columns.begin()), !IsCode(key.type) ? PageInput::CellKind::kNumber
                                                                       : at->raw         ? PageInput::CellKind::kRawText
                                                                                         : PageInput::CellKind::kCode};
        merged_.counts_span_text |= owner == 0 && at->raw;
      }
    }
    for (size_t i = 0; i < kTextColumns.size(); ++i) {
      if (!merged_.is_raw[i]) continue;
      merged_.columns.raw_fixed_columns |= uint64_t{1} << static_cast<uint32_t>(kTextColumns[i]);
      merged_.counts_span_text = true;
    }
  }

  void MakeRawTargets(size_t source) {
    const BlockTables& tables = sources_[source]->tables();
    RawTargets targets{.text = merged_.is_raw, .field = {}};
    for (size_t owner = 0; owner < kListOwners; ++owner) {
      for (uint32_t shape = 0; shape < tables.shapes.size(); ++shape) {
        const uint32_t merged_begin = merged_.shapes.begin(merged_.ids[source].shapes[shape]);
        for (uint32_t field = tables.shapes.begin[shape]; field < tables.shapes.begin[shape + 1]; ++field) {
          const uint32_t merged_field = merged_begin + field - tables.shapes.begin[shape];
          const PageInput::Target& target = merged_.target_of_field[owner][merged_field];
          targets.field[owner].push_back(target.kind == PageInput::CellKind::kRawText);
        }
      }
    }
    merged_.raw.push_back(std::move(targets));
  }

  MergeSources sources_;
  MergedColumns merged_;
  std::map<Key, Use> uses_;
};

}  // namespace

Result<MergedColumns> MergeColumns(MergeSources sources, std::vector<std::vector<uint32_t>> codes) {
  return Columns(sources, std::move(codes)).Run();
}

}  // namespace spoor
