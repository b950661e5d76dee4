// Named chunks: tests/test_bundle.py tells our own code from that of libraries by the names.
module.exports = { optimization: { chunkIds: 'named' } };
