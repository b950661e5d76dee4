import { ClipboardEvent, DragEvent, useState } from 'react';

/** Files that are dropped or pasted. `over` is whether some are held above. */
export function useDrop(onFiles: ((files: Iterable<File>) => void) | null): {
  over: boolean;
  dropProps: {
    onDragOver: (event: DragEvent) => void;
    onDragLeave: (event: DragEvent) => void;
    onDrop: (event: DragEvent) => void;
  };
  onPaste: (event: ClipboardEvent) => void;
} {
  const [over, setOver] = useState(false);
  return {
    over,
    dropProps: {
      onDragOver: event => {
        if (onFiles !== null && event.dataTransfer.types.includes('Files')) {
          event.preventDefault();
          event.dataTransfer.dropEffect = 'copy';
          setOver(true);
        }
      },
      onDragLeave: event => {
        const to = event.relatedTarget;
        if (!(to instanceof Node && event.currentTarget.contains(to))) {
          setOver(false);
        }
      },
      onDrop: event => {
        setOver(false);
        if (onFiles !== null && event.dataTransfer.files.length > 0) {
          event.preventDefault();
          onFiles([...event.dataTransfer.files]);
        }
      }
    },
    onPaste: event => {
      const { files, types } = event.clipboardData;
      // Spreadsheets put a picture of the cells beside their text: the text is meant.
      if (
        onFiles !== null &&
        files.length > 0 &&
        !types.includes('text/plain')
      ) {
        event.preventDefault();
        onFiles([...files]);
      }
    }
  };
}
