import { IManifest } from '../../model/interfaces';
import { usePanel } from '../context';
import { toolLine } from '../text/tools';
import { sizeOf } from '../text/sizes';
import { Hash } from './ManifestCells';

/** The tools that a reply used: with what, how each ended, and how much of an answer went to the model. */
export function ManifestTools(props: {
  used: IManifest['used'];
}): JSX.Element | null {
  const { trans } = usePanel();
  return props.used.length === 0 ? null : (
    <section className="gc-ManifestSection">
      <h3>
        {trans.__('Tools used')}
        <span>{trans.__('%1, in this order', props.used.length)}</span>
      </h3>
      {props.used.map((use, place) => (
        <div className="gc-ManifestRow gc-mod-tool" key={place}>
          <b>{toolLine(use, trans)}</b>
          <span className="gc-meta">{sizeOf(use.result_size)}</span>
          {use.result_hash === '' ? <span /> : <Hash value={use.result_hash} />}
          <code className="gc-ManifestRow-note">
            {use.name}({JSON.stringify(use.arguments)})
          </code>
        </div>
      ))}
    </section>
  );
}
