# One static library a folder of src/: every .cc in it, but tests, fuzzers and benches. `*_test.cc` files become one
# test program a folder, each `*_fuzz.cc` a program of its own. New files need no change here. A sub-folder with a
# CMakeLists.txt says itself what becomes of it.

# spoor_folder(NAME [COUNT_ALLOCATIONS] [LINK lib...]): the library spoor_NAME of the current folder, its tests and
# fuzzers. With COUNT_ALLOCATIONS its tests can use base/allocation_count.h.
function(spoor_folder name)
  cmake_parse_arguments(arg "COUNT_ALLOCATIONS" "" "LINK;TEST_LINK" ${ARGN})
  file(GLOB_RECURSE all CONFIGURE_DEPENDS RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" "*.cc")
  file(GLOB_RECURSE apart RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" "CMakeLists.txt")
  foreach(path IN LISTS apart)
    get_filename_component(folder "${path}" DIRECTORY)
    if(folder)
      list(FILTER all EXCLUDE REGEX "^${folder}/")
    endif()
  endforeach()
  set(sources ${all})
  list(FILTER sources EXCLUDE REGEX "(_test|_fuzz|_bench|(^|/)main)\\.cc$")
  set(tests ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(arg_COUNT_ALLOCATIONS)
    list(APPEND tests "${CMAKE_SOURCE_DIR}/cmake/count_allocations.cc")
  endif()
  set(fuzzers ${all})
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")

  if(sources)
    add_library(spoor_${name} STATIC ${sources})
    target_include_directories(spoor_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
    target_link_libraries(spoor_${name} PUBLIC ${arg_LINK} Threads::Threads fmt::fmt)
  else()
    add_library(spoor_${name} INTERFACE)
    target_include_directories(spoor_${name} INTERFACE "${CMAKE_SOURCE_DIR}/src")
    target_link_libraries(spoor_${name} INTERFACE ${arg_LINK} Threads::Threads fmt::fmt)
  endif()

  if(SPOOR_TESTS AND tests)
    find_package(GTest REQUIRED)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE spoor_${name} ${arg_TEST_LINK} GTest::gtest_main GTest::gmock)
    target_compile_definitions(${name}_test PRIVATE SPOOR_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME unit.${name} COMMAND ${name}_test)
  endif()

  # A fuzzer is LLVMFuzzerTestOneInput. With SPOOR_FUZZ it is a libFuzzer program; in every build it also runs over its
  # seed corpus (tests/corpus/NAME) as an ordinary test.
  foreach(file IN LISTS fuzzers)
    get_filename_component(stem "${file}" NAME_WE)
    if(SPOOR_FUZZ)
      add_executable(${stem} ${file})
      target_link_options(${stem} PRIVATE -fsanitize=fuzzer)
      target_link_libraries(${stem} PRIVATE spoor_${name} ${arg_TEST_LINK})
    elseif(SPOOR_TESTS)
      add_executable(${stem} ${file} "${CMAKE_SOURCE_DIR}/cmake/run_corpus.cc")
      target_link_libraries(${stem} PRIVATE spoor_${name} ${arg_TEST_LINK})
      add_test(NAME corpus.${stem} COMMAND ${stem} "${CMAKE_SOURCE_DIR}/tests/corpus/${stem}")
    endif()
  endforeach()
endfunction()
