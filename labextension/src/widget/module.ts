/** The name and version of the widget's module for kernels: of the model's traits, not of the package. */
export const MODULE = 'jupyter-groupchat';
export const VERSION = '1.0.0';
