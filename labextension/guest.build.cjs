// Builds the page of guests into ../jupyter_groupchat/guest: a bundle of its own, since there is no JupyterLab around it.
const path = require('node:path');
const { rspack } = require('@rspack/core');

const development = process.argv.includes('--development');
const watching = process.argv.includes('--watch');

const compiler = rspack({
  mode: development ? 'development' : 'production',
  devtool: development ? 'source-map' : false,
  performance: false,
  entry: { guest: ['./style/guest/index.css', './lib/guest/index.js'] },
  output: {
    path: path.resolve(__dirname, '../jupyter_groupchat/guest'),
    filename: 'static/[name].[contenthash].js',
    cssFilename: 'static/[name].[contenthash].css',
    assetModuleFilename: 'static/[contenthash][ext]',
    // Relative to the page, wherever the server is.
    publicPath: '',
    clean: true
  },
  module: {
    rules: [
      {
        test: /\.css$/,
        use: [rspack.CssExtractRspackPlugin.loader, 'css-loader'],
        type: 'javascript/auto'
      },
      { test: /\.svg$/, issuer: /\.js$/, type: 'asset/source' },
      { test: /\.m?js$/, resolve: { fullySpecified: false } }
    ]
  },
  resolve: {
    fallback: {
      path: require.resolve('path-browserify'),
      url: false,
      crypto: false,
      buffer: false
    }
  },
  plugins: [
    new rspack.CssExtractRspackPlugin({
      filename: 'static/[name].[contenthash].css'
    }),
    new rspack.HtmlRspackPlugin({
      template: 'style/guest/index.html',
      scriptLoading: 'defer'
    }),
    new rspack.ProvidePlugin({ process: 'process/browser' })
  ]
});

const report = (error, stats) => {
  if (error || stats?.hasErrors()) {
    console.error(error ?? stats.toString({ preset: 'errors-warnings' }));
    process.exitCode = 1;
  }
};
if (watching) {
  compiler.watch({}, report);
} else {
  compiler.run((error, stats) => {
    report(error, stats);
    compiler.close(() => undefined);
  });
}
