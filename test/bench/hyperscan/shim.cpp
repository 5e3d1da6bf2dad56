// Scans a file with Hyperscan on request, for comparison: `shim <patterns> [<patterns> …]`, one database for each file.
// A line of a pattern file is one expression; those that Hyperscan refuses are left out and counted. Then, for each line
// `<database> <chunk> <file>` on standard input: streams the file in chunks, prints `<microseconds of CPU> <reports>`.
#include <hs/hs.h>
#include <sys/resource.h>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

static long microseconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000L + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static int count(unsigned, unsigned long long, unsigned long long, unsigned, void *total) {
  ++*static_cast<long *>(total);
  return 0;
}

static hs_database_t *compile(const char *path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  int refused = 0;
  for (std::string line; std::getline(file, line);) {
    hs_database_t *one = nullptr;
    hs_compile_error_t *error = nullptr;
    if (hs_compile(line.c_str(), 0, HS_MODE_STREAM, nullptr, &one, &error) == HS_SUCCESS) {
      lines.push_back(line);
      hs_free_database(one);
    } else {
      refused++;
      hs_free_compile_error(error);
    }
  }
  std::vector<const char *> expressions;
  std::vector<unsigned> flags(lines.size(), 0), ids(lines.size());
  for (size_t i = 0; i < lines.size(); i++) {
    expressions.push_back(lines[i].c_str());
    ids[i] = i;
  }
  hs_database_t *database = nullptr;
  hs_compile_error_t *error = nullptr;
  if (hs_compile_multi(expressions.data(), flags.data(), ids.data(), expressions.size(), HS_MODE_STREAM, nullptr,
                       &database, &error) != HS_SUCCESS) {
    std::cout << "error " << error->message << std::endl;
    exit(1);
  }
  std::cout << "compiled " << lines.size() << " " << refused << std::endl;
  return database;
}

int main(int argc, char **argv) {
  std::vector<hs_database_t *> databases;
  hs_scratch_t *scratch = nullptr;
  for (int i = 1; i < argc; i++) {
    databases.push_back(compile(argv[i]));
    hs_alloc_scratch(databases.back(), &scratch);
  }
  std::map<std::string, std::string> files;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream request(line);
    size_t number, chunk;
    std::string path;
    request >> number >> chunk >> path;
    if (files.find(path) == files.end()) {
      std::ifstream file(path, std::ios::binary);
      std::stringstream content;
      content << file.rdbuf();
      files[path] = content.str();
    }
    const std::string &text = files[path];
    long reports = 0;
    long before = microseconds();
    hs_stream_t *stream = nullptr;
    hs_open_stream(databases[number], 0, &stream);
    for (size_t at = 0; at < text.size(); at += chunk) {
      hs_scan_stream(stream, text.data() + at, std::min(chunk, text.size() - at), 0, scratch, count, &reports);
    }
    hs_close_stream(stream, scratch, count, &reports);
    std::cout << microseconds() - before << " " << reports << std::endl;
  }
}
